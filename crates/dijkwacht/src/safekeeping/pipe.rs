//! Between the store, which is asynchronous, and the backup file, which keeps a thread busy: a short pipe of parts.

use std::fs::File;
use std::io::{BufReader, BufWriter};

use app::{Damaged, Error, FileHead, Intake, Manifest, Receiver, Row, Shape, Watching};
use async_trait::async_trait;
use backup::{Fault, Header, Lock, Opener, Reader, Record, Secret, Writer};
use tokio::sync::mpsc::{self, Receiver as Outlet, Sender};

/// How many parts wait in the pipe: each is a page of rows or a piece of a file.
const LENGTH: usize = 4;
/// How many rows make one part.
const ROWS: usize = 256;

/// What goes through it.
enum Part {
    Table(Shape),
    Rows(Vec<Row>),
    File(FileHead),
    Piece(Vec<u8>),
    FileEnd,
}

/// Why a pipe broke: on the side of the store, or of the file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    #[error(transparent)]
    Store(#[from] Error),
    #[error(transparent)]
    File(#[from] Fault),
}

impl Broken {
    fn thread(error: tokio::task::JoinError) -> Self {
        Self::Store(Error::internal(error))
    }
}

/// The store's side of a pipe to a file.
struct Sending(Sender<Part>);

impl Sending {
    /// What cannot be sent, since the writer stopped, is no fault of the store: the writer tells why.
    async fn send(&self, part: Part) -> Result<(), Error> {
        self.0.send(part).await.map_err(|_| Error::internal("the backup can no longer be written"))
    }
}

#[async_trait]
impl Receiver for Sending {
    async fn table(&mut self, table: &Shape) -> Result<Option<Row>, Error> {
        self.send(Part::Table(table.clone())).await?;
        Ok(None)
    }

    async fn rows(&mut self, rows: Vec<Row>) -> Result<(), Error> {
        self.send(Part::Rows(rows)).await
    }

    async fn file(&mut self, file: &FileHead) -> Result<bool, Error> {
        self.send(Part::File(file.clone())).await?;
        Ok(true)
    }

    async fn piece(&mut self, piece: Vec<u8>) -> Result<(), Error> {
        self.send(Part::Piece(piece)).await
    }

    async fn file_end(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

/// Writes a store into a file, and brings it to the disk.
pub(crate) async fn write(
    store: &dyn app::Store,
    file: File,
    lock: Lock,
    header: Header,
    secrets: Vec<Secret>,
    damaged: Damaged,
    watching: Watching<'_>,
) -> Result<Manifest, Broken> {
    let (inlet, outlet) = mpsc::channel(LENGTH);
    let writing = tokio::task::spawn_blocking(move || write_parts(file, &lock, &header, &secrets, outlet));
    let mut sending = Sending(inlet);
    let copied = app::copy_out(store, &mut sending, damaged, watching).await;
    drop(sending);
    let written = writing.await.map_err(Broken::thread)?;
    // Where both sides failed, the file's failure is the cause.
    let writer = written?;
    let manifest = copied?;
    let said = manifest.clone();
    let finished = tokio::task::spawn_blocking(move || {
        let file = writer.finish(said)?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.sync_all().map_err(Fault::from)
    });
    finished.await.map_err(Broken::thread)??;
    Ok(manifest)
}

fn write_parts(
    file: File,
    lock: &Lock,
    header: &Header,
    secrets: &[Secret],
    mut outlet: Outlet<Part>,
) -> Result<Writer<BufWriter<File>>, Fault> {
    let mut writer = Writer::begin(BufWriter::new(file), lock, header)?;
    for secret in secrets {
        writer.secret(secret)?;
    }
    while let Some(part) = outlet.blocking_recv() {
        match part {
            Part::Table(shape) => writer.table(&shape)?,
            Part::Rows(rows) => rows.iter().try_for_each(|row| writer.row(row))?,
            Part::File(file) => writer.file(&file)?,
            Part::Piece(piece) => writer.piece(&piece)?,
            Part::FileEnd => {}
        }
    }
    Ok(writer)
}

/// Reads a whole backup without writing anything: what it says of itself, its keys, and what it holds.
pub(crate) async fn inspect(file: File, opener: Opener) -> Result<(Header, Vec<Secret>, Manifest), Broken> {
    let reading = tokio::task::spawn_blocking(move || {
        let mut reader = Reader::open(BufReader::new(file), &opener)?;
        let header = reader.header().clone();
        let mut secrets = Vec::new();
        loop {
            match reader.next_record()? {
                Some(Record::Secret(secret)) => secrets.push(secret),
                Some(Record::End(manifest)) => return Ok((header, secrets, manifest)),
                Some(_) => {}
                None => return Err(Fault::CutShort),
            }
        }
    });
    Ok(reading.await.map_err(Broken::thread)??)
}

/// Pours a backup into a store that takes it in.
pub(crate) async fn pour(
    file: File,
    opener: Opener,
    intake: &mut Intake,
    watching: Watching<'_>,
) -> Result<(), Broken> {
    let (inlet, outlet) = mpsc::channel(LENGTH);
    let reading = tokio::task::spawn_blocking(move || read_parts(file, &opener, &inlet));
    let taken = take_parts(outlet, intake, watching).await;
    let read = reading.await.map_err(Broken::thread)?;
    taken?;
    Ok(read?)
}

async fn take_parts(mut outlet: Outlet<Part>, intake: &mut Intake, watching: Watching<'_>) -> Result<(), Error> {
    let (mut name, mut count, mut is_wanted) = (String::new(), 0, false);
    while let Some(part) = outlet.recv().await {
        match part {
            Part::Table(shape) => {
                intake.table(&shape).await?;
                (name, count) = (shape.name, 0);
            }
            Part::Rows(rows) => {
                count += rows.len() as u64;
                intake.rows(rows).await?;
                watching(&name, count);
            }
            Part::File(file) => is_wanted = intake.file(&file).await?,
            Part::Piece(piece) if is_wanted => intake.piece(piece).await?,
            Part::Piece(_) => {}
            Part::FileEnd if is_wanted => intake.file_end().await?,
            Part::FileEnd => {}
        }
    }
    Ok(())
}

/// Reads until the end, or until nobody listens any more.
fn read_parts(file: File, opener: &Opener, inlet: &Sender<Part>) -> Result<(), Fault> {
    let mut reader = Reader::open(BufReader::new(file), opener)?;
    let mut rows = Vec::new();
    let mut left = None;
    loop {
        let record = reader.next_record()?;
        if rows.len() >= ROWS || !matches!(record, Some(Record::Row(_))) {
            let page = std::mem::take(&mut rows);
            if !page.is_empty() && inlet.blocking_send(Part::Rows(page)).is_err() {
                return Ok(());
            }
        }
        let part = match record {
            None => return Ok(()),
            Some(Record::Row(row)) => {
                rows.push(row);
                continue;
            }
            Some(Record::Table(shape)) => Part::Table(shape),
            Some(Record::File(file)) => {
                left = Some(file.size_bytes);
                Part::File(file)
            }
            Some(Record::Piece(piece)) => {
                left = left.map(|left: u64| left.saturating_sub(piece.len() as u64));
                Part::Piece(piece)
            }
            Some(Record::Secret(_) | Record::End(_)) => continue,
        };
        let mut is_gone = inlet.blocking_send(part).is_err();
        if left == Some(0) {
            left = None;
            is_gone |= inlet.blocking_send(Part::FileEnd).is_err();
        }
        if is_gone {
            return Ok(());
        }
    }
}

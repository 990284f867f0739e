//! A pack that extends another: the files of both as one, what comes later in place of what it replaces.
//!
//! Promises: a pack takes over every file of the one it extends, and of `pack.toml` the zone, the seats, the layout,
//! parameters, sets, terms, notes and what is left to others; a file of the same name and an item of the same id replace.
//! An unknown base and a circle are refused with file and line. Deliberately not here: what the files mean.

use serde::Deserialize;
use toml::Spanned;

use super::build::line_of;
use super::files::{Head, TopicFile};
use super::{Flaw, HEAD, PackProblem};

/// A pack as it is written: where it comes from, and its files, each a name and a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackFiles {
    /// Told before the name of a file that something is wrong with: a folder, or the pack's own name. May be empty.
    pub at: String,
    pub files: Vec<(String, String)>,
}

impl PackFiles {
    /// Files from somewhere.
    #[must_use]
    pub fn new(at: &str, files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        Self { at: at.into(), files }
    }

    /// The pack's id, where that can be read.
    #[must_use]
    pub fn id(&self) -> Option<String> {
        self.lineage().and_then(|read| read.id)
    }

    /// How a file is named in a problem.
    pub(super) fn shown(&self, file: &str) -> String {
        if self.at.is_empty() { file.into() } else { format!("{}/{file}", self.at) }
    }

    fn head(&self) -> Option<&str> {
        self.files.iter().find(|(name, _)| name == HEAD).map(|(_, text)| text.as_str())
    }

    fn lineage(&self) -> Option<Lineage> {
        self.head().and_then(|text| toml::from_str(text).ok())
    }
}

/// The two keys of `pack.toml` that say whose child it is.
#[derive(Debug, Deserialize)]
struct Lineage {
    id: Option<String>,
    extends: Option<Spanned<String>>,
}

/// The files of a pack and of all that it extends, the furthest first.
pub(super) fn lineage<'a>(
    own: &'a PackFiles,
    library: &'a [PackFiles],
) -> Result<Vec<&'a PackFiles>, Box<PackProblem>> {
    let mut layers = vec![own];
    let mut names: Vec<String> = own.id().into_iter().collect();
    let mut last = own;
    while let Some(base) = last.lineage().and_then(|read| read.extends) {
        let line = last.head().map(|text| line_of(text, base.span().start));
        let wrong = |flaw: Flaw| {
            let about = last.id();
            Box::new(PackProblem { file: last.shown(HEAD), line, about, flaw })
        };
        let id = base.into_inner();
        if names.contains(&id) {
            names.push(id);
            return Err(wrong(Flaw::BaseCircle(names.join(" → "))));
        }
        let Some(found) = library.iter().find(|files| files.id().as_ref() == Some(&id)) else {
            let known = library.iter().filter_map(PackFiles::id).collect::<Vec<_>>().join(", ");
            return Err(wrong(Flaw::UnknownBase { id, known }));
        };
        names.push(id);
        layers.insert(0, found);
        last = found;
    }
    Ok(layers)
}

/// One file, for the places of what is wrong in it.
#[derive(Debug)]
pub(super) struct Source<'a> {
    /// Its name within its pack.
    pub(super) name: &'a str,
    /// The same with where its pack comes from.
    pub(super) shown: String,
    pub(super) text: &'a str,
    /// The pack that it was written for: the ids in it begin with that.
    pub(super) pack: String,
}

/// A topic with the file it stands in.
pub(super) type TopicOf<'a> = (Source<'a>, TopicFile);

/// The items of all heads in one list: one of a later head stands in the place of the one of the same id before it.
pub(super) fn merged<'h, T>(
    heads: &'h [(Source<'h>, Head)],
    list: fn(&Head) -> &[T],
    id: fn(&T) -> &Spanned<String>,
) -> Vec<(&'h Source<'h>, &'h T)> {
    let mut all: Vec<(&Source, &T)> = Vec::new();
    for (source, head) in heads {
        let earlier = all.len();
        for item in list(head) {
            let same = all.iter().take(earlier).position(|(_, known)| id(known).get_ref() == id(item).get_ref());
            match same.and_then(|place| all.get_mut(place)) {
                Some(known) => *known = (source, item),
                None => all.push((source, item)),
            }
        }
    }
    all
}

/// The topics of all layers: a file of a later one stands in the place of the one of the same name before it.
pub(super) fn overlaid<'a>(topics: Vec<TopicOf<'a>>) -> Vec<TopicOf<'a>> {
    let mut all: Vec<TopicOf> = Vec::new();
    for topic in topics {
        match all.iter_mut().find(|(known, _)| known.name == topic.0.name) {
            Some(known) => *known = topic,
            None => all.push(topic),
        }
    }
    all
}

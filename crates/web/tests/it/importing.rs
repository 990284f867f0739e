//! Taking an earlier register over on the pages: the file, its columns, what would come, and once.

use axum::http::StatusCode;

use crate::client::{Answer, Client};
use crate::world::World;

const PAGE: &str = "/o/bakkerij-de-korenaar/register/inlezen";
const REGISTER: &str = "Nr;Datum ontdekking;Omschrijving;Persoonsgegevens;Gemeld bij AP?\n\
    2019-01;3-4-2019;\"Mail naar de verkeerde\";NAW, schoenmaat;ja, op 4-4-2019\n\
    2019-02;03/04/2019;Laptop kwijt;BSN;misschien\n";

/// What the page would send as it stands, with these fields changed.
fn form(answer: &Answer, changed: &[(&'static str, &str)]) -> Vec<(String, String)> {
    let html = answer.html();
    let mut fields: Vec<(String, String)> =
        ["gezien-blad", "gezien-koppen"].map(|name| (name.to_owned(), answer.hidden(name))).into();
    fields.push(("koppen".into(), answer.hidden("gezien-koppen")));
    fields.push(("blad".into(), answer.hidden("gezien-blad")));
    for select in html.split("<select id=\"").skip(1) {
        let name = select.split('"').next().unwrap();
        let options = select.split("</select>").next().unwrap();
        let chosen = options.split("<option value=\"").find(|option| option.contains(" selected>"));
        if let Some(value) = chosen.map(|option| option.split('"').next().unwrap()) {
            fields.push((name.to_owned(), value.to_owned()));
        }
    }
    for (name, value) in changed {
        fields.retain(|(kept, _)| kept != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    fields
}

async fn send(client: &mut Client, path: &str, fields: &[(String, String)]) -> Answer {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    client.post(path, &fields).await
}

#[tokio::test]
async fn a_register_is_taken_over_in_steps() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let answer = handler.upload(PAGE, "bestand", "C:\\Mijn documenten\\register.csv", REGISTER.as_bytes()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let columns = answer.location().to_owned();
    let page = handler.get(&columns).await;
    insta::assert_snapshot!("import_columns", page.text());

    // Two rows are wrong: everything is said at once, and nothing is taken over, whatever the button says.
    let wrong = send(&mut handler, &columns, &form(&page, &[("doe", "neem-over")])).await;
    insta::assert_snapshot!("import_wrong", wrong.text());
    let before =
        world.app.store.incidents(&world.app.permit_program("bakkerij-de-korenaar").await.unwrap()).await.unwrap();

    // The day stands first, and the column that holds no yes or no stays text.
    let choices = [("streep", "day_first"), ("kolom-4", ""), ("ongezegd", "closed"), ("doe", "bekijk")];
    let plan = send(&mut handler, &columns, &form(&wrong, &choices)).await;
    assert!(plan.text().contains("Neem 2 rijen over"), "{}", plan.text());
    let done = send(&mut handler, &columns, &form(&plan, &[("doe", "neem-over")])).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let (first, last) = (before[0].number.max(before.len() as u64) + 1, before.len() as u64 + 2);
    let told = handler.get(done.location()).await.text();
    assert!(told.contains(&format!("2 rijen zijn overgenomen, als incident {first} tot en met {last}.")), "{told}");

    let incident = handler.get(&format!("/o/bakkerij-de-korenaar/incidenten/{first}")).await;
    insta::assert_snapshot!("import_incident", incident.text());
    let register = handler.get("/o/bakkerij-de-korenaar/register").await.text();
    assert!(register.contains("Mail naar de verkeerde"), "{register}");

    // The same file once more: everything is there.
    let again = handler.upload(PAGE, "bestand", "register.csv", REGISTER.as_bytes()).await;
    let columns = again.location().to_owned();
    let page = handler.get(&columns).await;
    let plan = send(&mut handler, &columns, &form(&page, &[("doe", "bekijk")])).await;
    assert!(plan.text().contains("Alle rijen staan er al."), "{}", plan.text());
}

#[tokio::test]
async fn a_file_that_cannot_be_read_says_what_to_do() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let mut said = Vec::new();
    let huge = vec![b'a'; app::import::LARGEST_FILE + 1];
    let files: [(&str, &[u8]); 6] = [
        ("leeg.csv", b""),
        ("oud.xls", &[0xd0, 0xcf, 0x11, 0xe0, 0, 0]),
        ("register.pdf", b"%PDF-1.7"),
        ("kapot.xlsx", b"PK\x03\x04kapot"),
        ("open.csv", b"a;b\n\"nooit dicht;2\n"),
        ("groot.csv", &huge),
    ];
    for (name, bytes) in files {
        let answer = handler.upload(PAGE, "bestand", name, bytes).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        let html = answer.html();
        let wrong = html.split_once("id=\"bestand-fout\">").unwrap().1.split('<').next().unwrap().to_owned();
        said.push(format!("{name}: {wrong}"));
    }
    insta::assert_snapshot!("import_unreadable", said.join("\n"));
    let none = handler.upload(PAGE, "bestand", "", b"").await;
    assert!(none.text().contains("Kies een bestand."), "{}", none.text());
}

#[tokio::test]
async fn a_waiting_file_is_for_who_chose_it() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let columns = handler.upload(PAGE, "bestand", "register.csv", REGISTER.as_bytes()).await.location().to_owned();
    let officer = world.officer().await.get(&columns).await;
    assert!(officer.text().contains("Het bestand is hier niet meer"), "{}", officer.text());
    world.let_pass(2);
    let late = handler.get(&columns).await;
    assert!(late.text().contains("Het bestand is hier niet meer"), "{}", late.text());
}

#[tokio::test]
async fn another_row_of_headings_gives_other_columns() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let file = "Een;Twee\nOmschrijving;Datum\nMail verkeerd;3-4-2019\n";
    let columns = handler.upload(PAGE, "bestand", "register.csv", file.as_bytes()).await.location().to_owned();
    let page = handler.get(&columns).await;
    assert_eq!(page.hidden("gezien-koppen"), "1");
    let page = send(&mut handler, &columns, &form(&page, &[("koppen", "2"), ("doe", "bekijk")])).await;
    assert_eq!(page.hidden("gezien-koppen"), "2");
    let html = page.html();
    assert!(html.contains("<option value=\"description\" selected>"), "guessed anew");
    let plan = send(&mut handler, &columns, &form(&page, &[("doe", "bekijk")])).await;
    assert!(plan.text().contains("Nieuw: 1."), "{}", plan.text());
    let nothing = [("kolom-0", ""), ("doe", "bekijk")];
    let refused = send(&mut handler, &columns, &form(&plan, &nothing)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Wijs een kolom aan"), "{}", refused.text());
}

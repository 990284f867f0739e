//! Taking an earlier register over on the pages: the file, its columns, what would come, and once.

use axum::http::StatusCode;
use sha2::{Digest, Sha256};

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
        ["gezien-blad", "gezien-koppen", "gezien-plan"].map(|name| (name.to_owned(), answer.hidden(name))).into();
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

/// Looks at the plan of a page as it stands, with these choices, and takes over what it shows.
async fn look_and_take(client: &mut Client, columns: &str, page: &Answer, choices: &[(&'static str, &str)]) -> Answer {
    let plan = send(client, columns, &form(page, &[choices, &[("doe", "bekijk")]].concat())).await;
    send(client, columns, &form(&plan, &[("doe", "neem-over")])).await
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
    let vast = vec![b'a'; 4 * app::import::LARGEST_FILE];
    let files: [(&str, &[u8]); 8] = [
        ("leeg.csv", b""),
        ("oud.xls", &[0xd0, 0xcf, 0x11, 0xe0, 0, 0]),
        ("register.pdf", b"%PDF-1.7"),
        ("kapot.xlsx", b"PK\x03\x04kapot"),
        ("register.json", b"[\n  {\n    \"number\": 1\n  }\n]"),
        ("open.csv", b"a;b\n\"nooit dicht;2\n"),
        ("groot.csv", &huge),
        ("reusachtig.csv", &vast),
    ];
    for (name, bytes) in files {
        let answer = handler.upload(PAGE, "bestand", name, bytes).await;
        let refused = if bytes.len() > app::import::LARGEST_FILE {
            StatusCode::PAYLOAD_TOO_LARGE
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        assert_eq!(answer.status, refused, "{name}");
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
    assert_eq!(page.hidden("gezien-koppen"), "2", "headings that people write");
    let page = send(&mut handler, &columns, &form(&page, &[("koppen", "1"), ("doe", "bekijk")])).await;
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

#[tokio::test]
async fn a_row_of_headings_that_is_none_is_told() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let columns = handler.upload(PAGE, "bestand", "register.csv", REGISTER.as_bytes()).await.location().to_owned();
    let page = handler.get(&columns).await;
    for (typed, said) in [
        ("een", "“een” is geen nummer van een rij."),
        ("0", "“0” is geen nummer van een rij."),
        ("1,5", "“1,5” is geen nummer van een rij."),
        ("", "“” is geen nummer van een rij."),
        ("99", "Rij 99 is leeg of bestaat niet."),
        ("3", "Onder de koppen staat niets."),
    ] {
        for does in ["bekijk", "neem-over"] {
            let answer = send(&mut handler, &columns, &form(&page, &[("koppen", typed), ("doe", does)])).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
            assert!(answer.text().contains(said), "{typed}: {}", answer.text());
            assert!(answer.html().contains(&format!("name=\"koppen\" value=\"{typed}\"")), "what was typed stays");
        }
    }
}

#[tokio::test]
async fn who_presses_twice_is_told_that_it_was_taken_over() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let file = "Nr;Omschrijving\n1;Mail verkeerd\n2;Laptop kwijt\n";
    let columns = handler.upload(PAGE, "bestand", "register.csv", file.as_bytes()).await.location().to_owned();
    let page = handler.get(&columns).await;
    let plan = send(&mut handler, &columns, &form(&page, &[("doe", "bekijk")])).await;
    let fields = form(&plan, &[("doe", "neem-over")]);
    let first = send(&mut handler, &columns, &fields).await.location().to_owned();
    let again = send(&mut handler, &columns, &fields).await;
    assert_eq!((again.status, again.location()), (StatusCode::SEE_OTHER, first.as_str()));
    let told = handler.get(again.location()).await;
    assert!(told.text().contains("2 rijen zijn overgenomen"), "{}", told.text());
    assert!(told.html().contains("href=\"/o/bakkerij-de-korenaar/register\""), "with a way to the register");
    let back = handler.get(&columns).await;
    assert_eq!(back.location(), first, "and so is who goes back");
}

#[tokio::test]
async fn a_corrected_row_is_told_and_left_out() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let place = |file: &str| {
        let sha256: String = Sha256::digest(file).iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{PAGE}/{sha256}")
    };
    let take = async |handler: &mut Client, file: &str, changed: &[(&'static str, &str)]| {
        let columns = handler.upload(PAGE, "bestand", "register.csv", file.as_bytes()).await.location().to_owned();
        let page = handler.get(&columns).await;
        send(handler, &columns, &form(&page, changed)).await
    };
    let file = "Nr;Omschrijving\n11;Mail verkeerd\n12;Laptop kwijt\n";
    let plan = take(&mut handler, file, &[("doe", "bekijk")]).await;
    send(&mut handler, &place(file), &form(&plan, &[("doe", "neem-over")])).await;
    let corrected = file.replace("kwijt", "kwijt en terug") + "13;Brief weg\n";
    let plan = take(&mut handler, &corrected, &[("doe", "bekijk")]).await;
    insta::assert_snapshot!("import_same_number", plan.text());
    let all_the_same = take(&mut handler, &corrected, &[("doe", "bekijk"), ("zelfde-nummer", "take")]).await;
    assert!(all_the_same.text().contains("Neem 2 rijen over"), "{}", all_the_same.text());
    let done = send(&mut handler, &place(&corrected), &form(&plan, &[("doe", "neem-over")])).await;
    let told = handler.get(done.location()).await.text();
    assert!(told.contains("Eén rij is overgenomen") && told.contains("Eén rij is overgeslagen"), "{told}");
}

/// What another register closed is told as it says it: nobody is advised on it, and a day is not a moment at midnight.
#[tokio::test]
async fn a_case_that_another_register_closed_is_at_rest() {
    let world = World::new().await;
    let mut officer = world.officer().await;
    let mut handler = world.handler().await;
    let file = "Nr;Datum ontdekking;Kennisname;Omschrijving;Gemeld bij AP?;Motivering;Datum afgesloten\n\
        7;3-4-2019;4-4-2019;Mail verkeerd;ja, op 5-4-2019;Veel mensen;6-4-2019\n\
        8;;;Laptop kwijt;ja;;6-4-2019\n\
        9;;;Post kwijt;nee;;6-4-2019\n\
        10;;;Sleutel kwijt;;;6-4-2019\n";
    let columns = handler.upload(PAGE, "bestand", "register.csv", file.as_bytes()).await.location().to_owned();
    let page = handler.get(&columns).await;
    let done = look_and_take(&mut handler, &columns, &page, &[]).await;
    let first: u64 = done.location().split("van=").nth(1).unwrap().split('&').next().unwrap().parse().unwrap();
    let case = |number: u64| format!("/o/bakkerij-de-korenaar/incidenten/{number}");
    insta::assert_snapshot!("import_at_rest", officer.get(&case(first)).await.text());
    for tab in ["", "/vragen", "/vragen/data", "/oordeel", "/besluit", "/klokken"] {
        let text = officer.get(&format!("{}{tab}", case(first))).await.text();
        assert!(text.contains("Overgenomen als gesloten"), "{tab}: {text}");
        assert!(!text.contains("Meld ") && !text.contains("Advies van Dijkwacht"), "{tab}: {text}");
    }
    for tab in ["", "/feiten", "/documenten"] {
        let text = officer.get(&format!("{}{tab}", case(first))).await.text();
        assert!(!text.contains("0:00") && !text.contains("uiterlijk"), "{tab}: {text}");
    }
    let silent = officer.get(&case(first + 1)).await.text();
    assert!(silent.contains("Eerste signaal\nniet vermeld") && silent.contains("Kennisname\nniet vermeld"), "{silent}");

    let list = |query: &str| format!("/o/bakkerij-de-korenaar/incidenten?stand=gesloten&{query}");
    let closed = officer.get(&list("")).await.text();
    for said in ["daar staat: gemeld", "daar staat: niet gemeld", "of er gemeld is, staat daar niet"] {
        assert!(closed.contains(said), "{said}: {closed}");
    }
    assert!(!closed.contains("melden is niet aan de orde"), "{closed}");
    let notified = officer.get(&list("gemeld=ja")).await.text();
    assert!(notified.contains("Mail verkeerd") && notified.contains("Laptop kwijt"), "{notified}");
    assert!(!notified.contains("Post kwijt") && !notified.contains("Sleutel kwijt"), "{notified}");
    let register = officer.get("/o/bakkerij-de-korenaar/register?zoek=Sleutel").await.text();
    assert!(register.contains("niet vermeld (volgens het overgenomen register)"), "{register}");
    assert!(!officer.get("/o/bakkerij-de-korenaar/register").await.text().contains("2019, 0:00"));

    // Opened again, it is one to work on.
    officer.post(&format!("{}/heropenen", case(first)), &[("reden", "Toch nog iets")]).await;
    assert!(!officer.get(&format!("{}/oordeel", case(first))).await.text().contains("Overgenomen als gesloten"));
}

/// There was no duty to report then, and the pages say so; an open one can be closed.
#[tokio::test]
async fn a_case_from_before_2016_is_shown_without_a_verdict_and_closed() {
    let world = World::new().await;
    let mut officer = world.officer().await;
    let mut handler = world.handler().await;
    let file = "Nr;Datum ontdekking;Omschrijving;Gemeld bij AP?;Status\n7;3-4-2012;Mail verkeerd;nee;open\n";
    let columns = handler.upload(PAGE, "bestand", "register.csv", file.as_bytes()).await.location().to_owned();
    let page = handler.get(&columns).await;
    let done = look_and_take(&mut handler, &columns, &page, &[]).await;
    let first: u64 = done.location().split("van=").nth(1).unwrap().split('&').next().unwrap().parse().unwrap();
    let case = format!("/o/bakkerij-de-korenaar/incidenten/{first}");
    for tab in
        ["", "/vragen", "/vragen/data", "/feiten", "/oordeel", "/besluit", "/klokken", "/documenten", "/tijdlijn"]
    {
        let page = officer.get(&format!("{case}{tab}")).await;
        assert_eq!(page.status, StatusCode::OK, "{tab}: {}", page.text());
        assert!(!page.text().contains("Meld het"), "{tab}: {}", page.text());
    }
    let said = officer.get(&format!("{case}/oordeel")).await.text();
    assert!(said.contains("Vóór 1 januari 2016 vroeg geen algemene wet"), "{said}");
    let closed = officer.post(&format!("{case}/sluiten"), &[("lessen", "Lang geleden")]).await;
    assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.text());
    assert!(officer.get(&format!("{case}/tijdlijn")).await.text().contains("Lang geleden"));
}

/// What is taken over is what a plan showed: choices that changed since give a plan of their own first.
#[tokio::test]
async fn a_plan_that_nobody_saw_is_not_carried_out() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let file = "Nr;Omschrijving;Reden\n1;Mail verkeerd;Haast\n2;Laptop kwijt;Onbekend\n";
    let columns = handler.upload(PAGE, "bestand", "register.csv", file.as_bytes()).await.location().to_owned();
    let page = handler.get(&columns).await;
    let unseen = send(&mut handler, &columns, &form(&page, &[("doe", "neem-over")])).await;
    assert_eq!(unseen.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unseen.text().contains("er is nog niets overgenomen"), "{}", unseen.text());
    let plan = send(&mut handler, &columns, &form(&page, &[("doe", "bekijk")])).await;
    assert!(!plan.text().contains("er is nog niets overgenomen"), "{}", plan.text());
    for changed in [("kolom-2", ""), ("ongezegd", "closed"), ("zelfde-nummer", "take")] {
        let other = send(&mut handler, &columns, &form(&plan, &[changed, ("doe", "neem-over")])).await;
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "{changed:?}");
        assert!(other.text().contains("er is nog niets overgenomen"), "{changed:?}: {}", other.text());
    }
    let done = send(&mut handler, &columns, &form(&plan, &[("doe", "neem-over")])).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
}

/// What is wrong stands first, in the page's title too, and can be gone to; no two parts of the page have the same name.
#[tokio::test]
async fn what_is_wrong_with_the_rows_is_told_first_and_the_parts_of_the_page_have_names_of_their_own() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let columns = handler.upload(PAGE, "bestand", "register.csv", REGISTER.as_bytes()).await.location().to_owned();
    let page = handler.get(&columns).await;
    let wrong = send(&mut handler, &columns, &form(&page, &[("doe", "bekijk")])).await;
    let choices = [("streep", "day_first"), ("kolom-4", ""), ("doe", "bekijk")];
    let right = send(&mut handler, &columns, &form(&wrong, &choices)).await;
    let unseen = send(&mut handler, &columns, &form(&right, &[("ongezegd", "closed"), ("doe", "neem-over")])).await;
    for (answer, status, said) in [
        (&page, StatusCode::OK, None),
        (&wrong, StatusCode::UNPROCESSABLE_ENTITY, Some("Zolang er een rij is die niet klopt")),
        (&right, StatusCode::OK, None),
        (&unseen, StatusCode::UNPROCESSABLE_ENTITY, Some("Er is iets veranderd sinds u dit nakeek")),
    ] {
        let html = answer.html();
        assert_eq!(answer.status, status, "{html}");
        assert_eq!(html.contains("<title>Fout: Een eerder register overnemen"), said.is_some(), "{html}");
        // The script gives the focus to this list.
        let list = html.split_once("<div class=\"errors").map(|(_, list)| list.split("</div>").next().unwrap());
        assert_eq!(list.is_some(), said.is_some(), "{html}");
        if let (Some(list), Some(said)) = (list, said) {
            assert!(list.contains(&format!("<a href=\"#plan\">{said}")), "{list}");
            assert!(html.contains("id=\"plan\" tabindex=\"-1\""), "{html}");
        }
        let main = html.split_once("<main").unwrap().1;
        let heading = |id: &str| {
            let after = main.split_once(&format!("id=\"{id}\">")).unwrap().1;
            after.split('<').next().unwrap().to_owned()
        };
        let labelled = main.split("<section").skip(1).filter_map(|part| part.split_once("aria-labelledby=\""));
        let mut names: Vec<_> = labelled.map(|(_, id)| heading(id.split('"').next().unwrap())).collect();
        let regions = main.split("role=\"region\" aria-label=\"").skip(1);
        names.extend(regions.map(|name| name.split('"').next().unwrap().to_owned()));
        let count = names.len();
        names.sort();
        names.dedup();
        assert!(count >= 2 && names.len() == count, "two parts have one name: {names:?}");
    }
}

/// An incident is erased by what was done with it: anybody can give one this title.
#[tokio::test]
async fn a_row_that_is_called_erased_is_shown_as_it_is_called() {
    let world = World::new().await;
    let mut officer = world.officer().await;
    let mut handler = world.handler().await;
    let file = "Nr;Titel;Omschrijving\n1;(gewist / erased);Een map is gewist\n";
    let columns = handler.upload(PAGE, "bestand", "register.csv", file.as_bytes()).await.location().to_owned();
    let page = handler.get(&columns).await;
    let done = look_and_take(&mut handler, &columns, &page, &[]).await;
    let number = done.location().split("van=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let case = format!("/o/bakkerij-de-korenaar/incidenten/{number}");
    let title = format!("{number}. (gewist / erased)");
    for path in [&case, "/o/bakkerij-de-korenaar/register", "/o/bakkerij-de-korenaar/incidenten?stand=alles"] {
        let answer = officer.get(path).await;
        assert!(answer.text().contains(&title), "{path}: {}", answer.text());
        assert!(!answer.text().contains(&format!("{number}. (gewist)")), "{path}: {}", answer.text());
    }
    assert!(officer.get(&case).await.html().contains(&format!("<title>{title} – ")));
    let csv = officer.get("/o/bakkerij-de-korenaar/register/bestand?vorm=csv").await.html();
    assert!(csv.contains(&format!("{number};(gewist / erased);")), "{csv}");
}

/// The form once proposed midnight for a day of which nobody named the time; who saved it had said so.
#[tokio::test]
async fn of_a_day_the_form_shows_no_time() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let file = "Nr;Datum ontdekking;Omschrijving\n1;3-4-2019;Mail verkeerd\n2;3-4-2019 00:00 uur;Post kwijt\n";
    let columns = handler.upload(PAGE, "bestand", "register.csv", file.as_bytes()).await.location().to_owned();
    let page = handler.get(&columns).await;
    let done = look_and_take(&mut handler, &columns, &page, &[]).await;
    let first: u64 = done.location().split("van=").nth(1).unwrap().split('&').next().unwrap().parse().unwrap();
    for (number, time) in [(first, ""), (first + 1, "00:00")] {
        for path in ["feiten", "vragen/detected_at"] {
            let page = handler.get(&format!("/o/bakkerij-de-korenaar/incidenten/{number}/{path}")).await.html();
            assert!(page.contains("name=\"ontdekt-dag\" value=\"2019-04-03\""), "{path}: {page}");
            assert!(page.contains(&format!("name=\"ontdekt-tijd\" value=\"{time}\"")), "{path}: {page}");
        }
    }
    // Nobody saves a time that nobody named.
    let case = format!("/o/bakkerij-de-korenaar/incidenten/{first}");
    let seen = handler.get(&format!("{case}/feiten")).await.hidden("gezien");
    let form = [("gezien", seen.as_str()), ("ontdekt-dag", "2019-04-03"), ("ontdekt-tijd", "")];
    let refused = handler.post(&format!("{case}/feiten/ontdekt"), &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
}

#[tokio::test]
async fn what_will_be_erased_soon_is_told_before_it_is_taken_over() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let file = "Nr;Omschrijving;Datum afgesloten\n1;Laptop kwijt;1-3-2026\n2;Mail verkeerd;3-4-2019\n";
    let columns = handler.upload(PAGE, "bestand", "register.csv", file.as_bytes()).await.location().to_owned();
    let page = handler.get(&columns).await;
    let plan = send(&mut handler, &columns, &form(&page, &[("doe", "bekijk")])).await;
    insta::assert_snapshot!("import_erased_soon", plan.text());
    assert!(!plan.html().contains("instellingen/bewaren"), "a way that only who may set terms can go");
}

/// A name in a column: left out before it comes, or erased from the row afterwards.
#[tokio::test]
async fn a_name_in_a_column_is_left_out_or_erased_from_its_row() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let file = "Nr;Omschrijving;Behandelaar;Map\n1;Mail verkeerd;Truus de Groot;van Truus de Groot\n";
    let columns = handler.upload(PAGE, "bestand", "register.csv", file.as_bytes()).await.location().to_owned();
    let page = handler.get(&columns).await;
    assert!(page.html().contains("<option value=\"leave_out\">Niet overnemen</option>"), "{}", page.html());
    let english = handler.get(&format!("{columns}?taal=en")).await;
    assert!(english.html().contains("<option value=\"leave_out\">Leave out</option>"));
    let page = handler.get(&format!("{columns}?taal=nl")).await;
    let choices = [("kolom-2", "leave_out"), ("ongezegd", "closed")];
    let plan = send(&mut handler, &columns, &form(&page, &[&choices[..], &[("doe", "bekijk")]].concat())).await;
    assert!(plan.html().contains("<option value=\"leave_out\" selected>"), "what was chosen stays chosen");
    let done = send(&mut handler, &columns, &form(&plan, &[("doe", "neem-over")])).await;
    let told = handler.get(done.location()).await.text();
    let number = told.split("als incident ").nth(1).unwrap().split('.').next().unwrap().to_owned();
    let case = format!("/o/bakkerij-de-korenaar/incidenten/{number}");
    let shown = handler.get(&case).await.text();
    assert!(!shown.contains("Behandelaar") && shown.contains("van Truus de Groot"), "{shown}");

    let mut officer = world.officer().await;
    let sought = [("kind", "erasure"), ("name", "Truus de Groot"), ("reference", "2026-17")];
    let found = officer.post("/o/bakkerij-de-korenaar/personen", &sought).await;
    assert!(found.text().contains("kan worden gewist als u er een tekst zonder"), "{}", found.text());
    let index = found.html().split("bewaren?regel=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let address = format!("{case}/bewaren?regel={index}&kenmerk=2026-17&woorden=nodig");
    let keeping = officer.get(&address).await;
    assert!(keeping.text().contains("onbekend; telt vanaf het overnemen op"), "{}", keeping.text());
    let lines = "Nr: 1\nOmschrijving: Mail verkeerd\nMap: van Truus de Groot\n";
    assert!(keeping.html().contains(lines), "its columns stand ready: {}", keeping.html());
    let (seen, row) = (keeping.hidden("gezien"), keeping.hidden("rij-van"));
    assert_eq!(row, index);
    let erase = |words: &'static str| {
        [
            ("regel", index.clone()),
            ("rij-van", row.clone()),
            ("regel-woorden", words.to_owned()),
            ("regel-reden", "Verzoek 2026-17".to_owned()),
            ("regel-zeker", "ja".to_owned()),
            ("gezien", seen.clone()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
    };
    let (unchanged, invented) = (
        "(bestand / file): register.csv\nNr: 1\nOmschrijving: Mail verkeerd\nMap: van Truus de Groot\n",
        "Nr: 1\nOmschrijving: Mail verkeerd\nBoete: 500.000 euro",
    );
    for (words, said) in [
        ("Map: van", "Wat overblijft zegt niet wat er gebeurde."),
        ("Map: rood", "U kunt woorden en kolommen weglaten"),
        (invented, "U kunt woorden en kolommen weglaten"),
        (unchanged, "Er is niets gewijzigd"),
    ] {
        let refused = send(&mut officer, &format!("{case}/bewaren/regel"), &erase(words)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(refused.text().contains(said), "{words}: {}", refused.text());
    }
    let erased =
        send(&mut officer, &format!("{case}/bewaren/regel"), &erase("Nr: 1\r\nOmschrijving: Mail verkeerd")).await;
    assert_eq!(erased.status, StatusCode::SEE_OTHER, "{}", erased.text());
    let shown = officer.get(&case).await.text();
    assert!(shown.contains("Mail verkeerd") && !shown.contains("Truus"), "{shown}");
    let again = officer.post("/o/bakkerij-de-korenaar/personen", &sought).await.text();
    assert!(again.contains("Niets gevonden"), "{again}");
}

//! Beside the verdict: ENISA's score, the lawyer's part, another law.

use crate::words::words;

words! {
    enisa_by = "Tweede mening", "Second opinion";
    enisa_heading = "De ernst volgens ENISA", "The severity by ENISA";
    enisa_hint = "Dit getal is een hulpmiddel. Het oordeel rust er niet op.", "This figure is an aid. The verdict does not rest on it.";
    enisa_computed = "Berekend", "Computed";
    enisa_adjusted = "Met de hand aangepast", "Adjusted by hand";
    enisa_not_yet = "Nog niet te berekenen. Daarvoor ontbreekt:", "Cannot be computed yet. Missing for it:";
    enisa_nothing = "Hier is niets te berekenen: er is geen inbreuk op gegevens van mensen.", "There is nothing to compute: no breach of data about people.";
    enisa_formula(dpc: &str, ei: &str, cb: &str, se: &str) = "SE = DPC × EI + CB = {dpc} × {ei} + {cb} = {se}", "SE = DPC × EI + CB = {dpc} × {ei} + {cb} = {se}";
    enisa_how = "Hoe dit getal ontstaat", "How this figure comes about";
    enisa_many = "Het gaat om meer dan 100 personen.", "More than 100 persons are concerned.";
    enisa_unreadable = "De gegevens waren onleesbaar voor wie ze heeft.", "The data were unreadable to whoever holds them.";
    enisa_bridge = "Deze score is hoog en melden hoeft niet, of is zo besloten. Schrijf in de motivering van het besluit waarom dat samengaat.", "This score is high, and notifying is not needed or was decided against. Write in the decision’s motivation why the two go together.";
    enisa_adjust = "Pas de score aan", "Adjust the score";
    enisa_adjust_hint = "Beide scores blijven zichtbaar, met uw naam en het moment.", "Both scores stay visible, with your name and the moment.";
    enisa_reason = "Waarom ziet u het anders?", "Why do you see it otherwise?";
    enisa_save = "Leg mijn score vast", "Record my score";
    enisa_take_back = "Neem de aanpassing terug", "Take the adjustment back";
    enisa_pick = "Kies een waarde uit de lijst.", "Choose a value from the list.";
    enisa_meanwhile(name: &str) = "{name} heeft de score intussen aangepast. Kijk wat er staat, en leg de uwe daarna opnieuw vast.", "{name} adjusted the score in the meantime. Look at what is there, then record yours again.";
    enisa_by_at(name: &str, at: &str) = "{name}, {at}", "{name}, {at}";

    lawyer_heading = "Voor de jurist: regels, artikelen en bronnen", "For the lawyer: rules, articles and sources";
    lawyer_pack = "Regelset", "Rule set";
    lawyer_edition = "Editie", "Edition";
    lawyer_in_force = "Van kracht", "In force";
    lawyer_standing = "Stand", "Standing";
    lawyer_source = "Bron", "Source";
    lawyer_from(from: &str) = "vanaf {from}", "from {from}";
    lawyer_from_until(from: &str, until: &str) = "van {from} tot en met {until}", "from {from} until {until}";
    lawyer_rule = "Regel", "Rule";
    lawyer_carries = "Draagt", "Carries";
    lawyer_articles = "Artikelen", "Articles";
    lawyer_mark = "Nagekeken?", "Checked?";
    lawyer_when = "Voorwaarde", "Condition";
    matters_for(what: &str) = "Telt voor: {what}.", "Matters for: {what}.";
    asked_not_known = "Gevraagd; niemand weet het nog.", "Asked; nobody knows yet.";

    old_law_heading = "Een oude wet: alleen om te lezen", "An old law: for reading only";
    old_law_text(law: &str) = "Dit incident valt onder: {law}. Niemand meldt of besluit daar nog onder. Klopt het moment van kennisname niet? Pas dat dan aan.", "This incident falls under: {law}. Nobody reports or decides under it any more. Is the moment of awareness wrong? Then change it.";
    old_law_notes = "Wat u moet weten over dit schema", "What to know about this scheme";
    proposal_heading = "Wat zou het Europese voorstel (Digital Omnibus) veranderen?", "What would the European proposal (Digital Omnibus) change?";

    sheet_heading = "De onderbouwing op papier", "The reasoning on paper";
    sheet_hint = "Een PDF met het oordeel, de feiten, de regels en de bronnen: de motivering die AVG art. 33(5) vraagt.", "A PDF with the verdict, the facts, the rules and the sources: the motivation that GDPR (AVG) art. 33(5) asks for.";
    sheet_make = "Druk de onderbouwing af", "Print the reasoning";
}

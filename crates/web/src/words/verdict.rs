//! The verdict and the decision.

use crate::words::words;

words! {
    advice_by = "Advies van Dijkwacht", "Advice from Dijkwacht";
    duty_until(until: &str) = "Zo snel als u kunt, uiterlijk {until}.", "As soon as you can, at the latest {until}.";
    duty_precaution_until(until: &str) = "Wacht niet op zekerheid: een melding kunt u later aanvullen of intrekken. Uiterlijk {until}.", "Do not wait for certainty: a notification can be supplemented or withdrawn later. At the latest {until}.";
    duty_inform_direct = "Ieder persoonlijk, zonder onredelijke vertraging.", "Each of them directly, without undue delay.";
    duty_inform_public = "Met een openbare mededeling die hen even goed bereikt.", "By a public notice that reaches them equally well.";
    duty_open_facts = "De vragen hieronder geven de doorslag.", "The questions below settle it.";
    verdict_duties = "Wat u moet doen", "What you must do";
    verdict_missing = "Wat nog ontbreekt", "What is still missing";
    verdict_missing_hint = "Elk van deze antwoorden kan de uitkomst nog veranderen. Het belangrijkste staat bovenaan.", "Each of these answers can still change the outcome. The most telling stands on top.";
    verdict_reasons = "Waarom", "Why";
    verdict_rests_on(count: usize) = "Waar dat op rust ({count})", "What that rests on ({count})";
    verdict_because = "Op grond van deze feiten", "On these facts";
    verdict_whatif = "Wat de uitkomst zou veranderen", "What would change the outcome";
    verdict_whatif_hint = "Was één van deze antwoorden anders, dan werd het oordeel anders. Controleer ze dus goed.", "If one of these answers were different, so would the verdict be. So check them well.";
    verdict_law(id: &str, version: &str, from: &str) = "Beoordeeld met regelset {id}, versie {version}, van kracht sinds {from}.", "Assessed with rule set {id}, version {version}, in force since {from}.";
    verdict_to_decision = "Naar het besluit", "To the decision";

    decision_by = "Besloten door een mens", "Decided by a person";
    decision_standing = "Het besluit", "The decision";
    decision_none = "Nog geen besluit", "No decision yet";
    decision_none_text = "Dijkwacht adviseert; een mens besluit, en zegt waarom.", "Dijkwacht advises; a person decides, and says why.";
    decision_you = "U besluit, als", "You decide, as";
    decision_take = "Uw besluit", "Your decision";
    decision_again = "Een nieuw besluit", "A new decision";
    decision_yes = "Ja, doen", "Yes, do it";
    decision_no = "Nee, niet doen", "No, do not";
    proposal_until(moment: &str) = "De termijn zou dan lopen tot uiterlijk {moment}.", "The term would then run until {moment} at the latest.";
    follows = "volgt Dijkwacht", "follows Dijkwacht";
    departs = "wijkt af van Dijkwacht", "departs from Dijkwacht";
    decision_motivation = "Waarom besluit u dit?", "Why do you decide this?";
    decision_motivation_hint = "In uw eigen woorden. Dit staat in het register; de AP kan het vragen.", "In your own words. This stands in the register; the AP may ask for it.";
    decision_save = "Leg mijn besluit vast", "Record my decision";
    decision_outdated = "Het oordeel is veranderd sinds dit besluit. Kijk opnieuw, en besluit opnieuw.", "The verdict has changed since this decision. Look again, and decide again.";
    decision_who = "Wie besluit", "Who decides";
    decision_who_text = "De directeur, of wie deze daarvoor heeft aangewezen, besluit. U kunt meelezen.", "The director, or whom they mandated, decides. You can read along.";
    conflict_by(by: &str, at: &str) = "{by}, {at}:", "{by}, {at}:";
    conflict_decision = "Wat u verstuurde, is nog niet bewaard.", "What you sent was not saved yet.";
    conflict_sent = "Iemand anders legde intussen ook iets vast", "Somebody else recorded something too in the meantime";
    conflict_sent_confirm = "Wat u typte, staat er nog. Is het hetzelfde? Dan hoeft u niets te doen. Anders: bekijk wat er nu vastligt, en leg het uwe dan opnieuw vast.", "What you typed is still here. Is it the same? Then there is nothing to do. Otherwise: look at what is on file now, then record yours again.";
    conflict_confirm = "Uw tekst staat er nog. Bekijk het oordeel opnieuw en bevestig dan uw besluit.", "Your text is still here. Look at the verdict again, then confirm your decision.";
}

//! Help, and what the program is.

use crate::words::{Words, words};

type Pair = (&'static str, &'static str);

impl Words {
    /// The road through a breach.
    pub(crate) fn help_road(self) -> [Pair; 7] {
        self.pick(
            [
                ("Meld.", "Met de meldlink, of de sensor doet het. Niet zeker? Meld het toch."),
                ("Stop het lek.", "Wachtwoorden wijzigen, apparaat wissen, ontvanger bellen."),
                ("Leg vast wanneer u het wist.", "Vanaf dan lopen de 72 uur."),
                ("Beantwoord de feiten.", "Wat u niet weet, laat u open. Dijkwacht zegt welke antwoorden nog tellen."),
                ("Besluit.", "Dijkwacht adviseert, met reden en wetsartikel. U besluit en zegt waarom."),
                ("Meld en licht in.", "Het dossier voor de AP en de brief staan klaar. Leg het meldingsnummer vast."),
                ("Sluit en leer.", "Het register is dan vanzelf compleet."),
            ],
            [
                ("Report.", "By the report link, or the sensor does. Not sure? Report it."),
                ("Stop the leak.", "Change passwords, wipe the device, call the recipient."),
                ("Record when you knew.", "The 72 hours run from then."),
                ("Answer the facts.", "Leave open what you do not know. Dijkwacht says which answers still count."),
                ("Decide.", "Dijkwacht advises, with reasons and articles. You decide and say why."),
                (
                    "Notify and inform.",
                    "The dossier for the AP and the letter stand ready. Record the notification number.",
                ),
                ("Close and learn.", "The register is complete by then."),
            ],
        )
    }

    pub(crate) fn help_glossary(self) -> [Pair; 7] {
        self.pick(
            [
                ("Datalek", "Persoonsgegevens zijn vernietigd, kwijt, gewijzigd, of te zien voor wie dat niet mag (AVG art. 4(12))."),
                ("Kennisname", "Het moment waarop u redelijk zeker wist dat persoonsgegevens geraakt zijn (AVG art. 33(1))."),
                ("AP", "De Autoriteit Persoonsgegevens, de toezichthouder in Nederland."),
                ("Betrokkene", "De persoon om wiens gegevens het gaat."),
                ("FG", "De functionaris voor gegevensbescherming: leest mee en adviseert, maar besluit niet."),
                ("Officer", "Wie namens de organisatie besluit: de directeur, of wie deze aanwijst."),
                ("Verwerker", "Wie gegevens verwerkt in opdracht van een ander. Die waarschuwt de opdrachtgever; de opdrachtgever beoordeelt."),
            ],
            [
                ("Breach (datalek)", "Personal data were destroyed, lost, altered, or open to who should not see them (GDPR art. 4(12))."),
                ("Awareness (kennisname)", "The moment at which you were reasonably certain that personal data were hit (GDPR art. 33(1))."),
                ("AP", "The Autoriteit Persoonsgegevens, the supervisory authority in the Netherlands."),
                ("Data subject (betrokkene)", "The person whose data it is about."),
                ("DPO (FG)", "The data protection officer: reads along and advises, but does not decide."),
                ("Officer", "Who decides for the organisation: the director, or whom they mandate."),
                ("Processor (verwerker)", "Who processes data on behalf of another. They warn their controller; the controller judges."),
            ],
        )
    }

    pub(crate) fn about_lines(self) -> [&'static str; 4] {
        self.pick(
            [
                "De sensor kijkt mee met het netwerkverkeer van buiten naar binnen en terug, en bewaart alleen wie met wie sprak: geen inhoud.",
                "Het oordeel volgt uit de wet en uw feiten, en noemt elk artikel. Er komt geen voorspelling of toeval aan te pas. Een mens besluit.",
                "Alles wat telt, staat in een register waaraan alleen kan worden toegevoegd. Iedereen kan een export controleren, ook zonder ons.",
                "Dijkwacht geeft geen juridisch advies. Twijfelt u, vraag dan een jurist, of bel de AP.",
            ],
            [
                "The sensor watches network traffic passively and keeps only who spoke with whom: no content.",
                "The verdict follows from the law and your facts, and names every article. No prediction or chance comes into it. A person decides.",
                "Everything that counts stands in a register to which can only be added. Anybody can check an export, without us too.",
                "Dijkwacht gives no legal advice. When in doubt, ask a lawyer, or call the AP.",
            ],
        )
    }
}

words! {
    help_heading = "Hulp", "Help";
    help_lead = "Wat u doet als er iets misgaat met persoonsgegevens, stap voor stap.", "What to do when something goes wrong with personal data, step by step.";
    help_steps = "De weg door een datalek", "The road through a breach";
    help_words = "Woorden", "Words";
    help_sources = "Waar het recht vandaan komt", "Where the law comes from";
    help_sources_text = "Elke regel noemt zijn wetsartikel en hoe zeker wij van die bron zijn: nagekeken bij de bron zelf, nagekeken bij een andere bron, uit kennis en niet nagekeken, of een eigen voorstel. Dat staat bij elke vraag en onder het oordeel, bij ‘Voor de jurist’. Wat als groot, weinig of lang telt, noemt de wet niet: die getallen zijn een voorstel van ons. Is iets uit kennis en niet nagekeken, kijk het dan na voordat u erop leunt.", "Every rule names its article and how sure we are of that source: checked against the source itself, checked against another source, from knowledge and not checked, or a proposal of our own. That stands with each question and under the verdict, at ‘For the lawyer’. The law does not say what counts as large, few or long: those figures are our proposal. Where something is from knowledge and not checked, check it before you rely on it.";
    about_heading = "Over Dijkwacht", "About Dijkwacht";
    about_lead = "Dijkwacht waakt over uw dijk: het ziet een lek, helpt u beoordelen wat u moet doen, en bewaart het bewijs.", "Dijkwacht watches your dike: it sees a breach, helps you judge what you must do, and keeps the proof.";
}

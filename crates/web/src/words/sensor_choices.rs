//! What people choose about sensors: a learning week and its proposals, threat lists, comparing with others.

use crate::words::{Words, words};

impl Words {
    /// `by`: who had it begin again; empty: it learns since it enrolled.
    pub(crate) fn learning_until(self, day: &str, by: &str) -> String {
        let begun = if by.is_empty() {
            String::new()
        } else {
            self.pick(format!(" ({by} liet dat opnieuw beginnen)"), format!(" ({by} had that begin again)"))
        };
        self.pick(
            format!("Leert tot en met {day} wat hier gewoon is{begun}."),
            format!("Learns what is ordinary here until {day}{begun}."),
        )
    }

    pub(crate) fn proposal_seen(self, detections: usize, connections: u64, first: &str, last: &str) -> String {
        let times = self.pick(
            if detections == 1 { "1 detectie".to_owned() } else { format!("{detections} detecties") },
            if detections == 1 { "1 detection".to_owned() } else { format!("{detections} detections") },
        );
        let counted = match connections {
            0 => String::new(),
            _ => self.pick(format!(", {connections} verbindingen"), format!(", {connections} connections")),
        };
        self.pick(
            format!("{times}{counted}, van {first} tot {last}"),
            format!("{times}{counted}, from {first} to {last}"),
        )
    }

    /// On some of the proposals somebody else had decided; `decided`: on how many they did now.
    pub(crate) fn proposals_overtaken(self, overtaken: usize, decided: usize, does_take: bool) -> String {
        let gone = match overtaken {
            1 => self.pick(
                "Over één voorstel was intussen al beslist, of het is er niet meer: daar is nu niets mee gedaan.",
                "On one proposal somebody had decided meanwhile, or it is there no more: nothing was done with it now.",
            ).to_owned(),
            _ => self.pick(
                format!("Over {overtaken} voorstellen was intussen al beslist, of ze zijn er niet meer: daar is nu niets mee gedaan."),
                format!("On {overtaken} proposals somebody had decided meanwhile, or they are there no more: nothing was done with them now."),
            ),
        };
        let done = match (decided, does_take) {
            (0, _) => String::new(),
            (_, true) => self.pick(format!(" Wel overgenomen: {decided}."), format!(" Taken over: {decided}.")),
            (_, false) => self.pick(format!(" Wel geweigerd: {decided}."), format!(" Refused: {decided}.")),
        };
        let look = self.pick(" Hieronder staat hoe het nu is.", " Below stands how it is now.");
        format!("{gone}{done}{look}")
    }

    pub(crate) fn list_every(self, hours: u32) -> String {
        match hours {
            1 => self.pick("elk uur", "every hour").to_owned(),
            24 => self.pick("elke dag", "every day").to_owned(),
            _ => self.pick(format!("om de {hours} uur"), format!("every {hours} hours")),
        }
    }

    /// Whether commercial use is allowed.
    pub(crate) fn list_commercial(self, is_allowed: Option<bool>, has_terms: bool) -> &'static str {
        match is_allowed {
            Some(true) => self.pick("commercieel gebruik mag", "commercial use allowed"),
            Some(false) => self.pick("niet voor commercieel gebruik", "not for commercial use"),
            None if has_terms => {
                self.pick("commercieel gebruik: lees de voorwaarden", "commercial use: read the terms")
            }
            None => self.pick(
                "commercieel gebruik: niet bekend, vraag het de uitgever",
                "commercial use: not known, ask its publisher",
            ),
        }
    }

    /// `when`: the day on which it was told.
    pub(crate) fn also_seen(self, when: &str) -> String {
        let having = app::LEAST_HAVING;
        self.pick(
            format!("Ook gezien bij {having} of meer andere klanten van uw IT-bedrijf (vergeleken op {when})."),
            format!("Also seen at {having} or more other customers of your provider (compared on {when})."),
        )
    }

    pub(crate) fn compare_standing(self, is_on: bool) -> &'static str {
        if is_on {
            self.pick(
                "Deze organisatie vergelijkt met andere klanten van haar IT-bedrijf die dat ook doen.",
                "This organisation compares with other customers of its provider that do so too.",
            )
        } else {
            self.pick(
                "Deze organisatie vergelijkt niets met anderen.",
                "This organisation compares nothing with others.",
            )
        }
    }

    pub(crate) fn compare_decided(self, is_on: bool, by: &str, at: &str) -> String {
        if is_on {
            self.pick(format!("{by} zette het aan op {at}."), format!("{by} switched it on on {at}."))
        } else {
            self.pick(
                format!("{by} zette het uit op {at}; wat gedeeld was, is gewist."),
                format!("{by} switched it off on {at}; what was shared was deleted."),
            )
        }
    }

    /// The rule, with its figures.
    pub(crate) fn compare_rule(self) -> String {
        let (taking_part, having) = (app::LEAST_TAKING_PART, app::LEAST_HAVING);
        let (days, most) = (app::SHARED_FOR.as_hours() / 24, app::MOST_ASKED);
        self.pick(
            format!(
                "Eén keer per week wordt vergeleken wat al {days} dagen gedeeld is, van ten hoogste {most} kenmerken tegelijk. Wie hetzelfde vond, ziet alleen dat {having} of meer anderen het ook hebben: nooit hoeveel, nooit wie. Niets als er minder dan {taking_part} anderen meedoen: dan zou te raden zijn wie het is. Anderen tellen pas als zij {days} dagen meedoen. Zo valt met verzonnen detecties niet ongemerkt te vragen wat een ander heeft, en is niet te zien wie erbij komt of weggaat. Helemaal uit te sluiten is het niet: wie weken achtereen dezelfde verzonnen kenmerken meldt, leert of {having} anderen ze hadden."
            ),
            format!(
                "Once a week what has been shared for {days} days is compared, of {most} indicators at a time at most. Who found the same sees only that {having} or more others have it too: never how many, never who. Nothing where fewer than {taking_part} others take part: then one could guess who it is. Others count once they have taken part for {days} days. So made-up detections cannot ask unnoticed what another has, nor does it show who joins or leaves. It cannot be ruled out: whoever reports the same made-up indicators for weeks learns whether {having} others had them."
            ),
        )
    }
}

words! {
    learning_heading = "De leerweek", "The learning week";
    learning_what = "In die week stelt de pagina uitzonderingen voor. Er wordt niets om achtergehouden of verborgen: wat dringend is, hoort u meteen.", "During that week the page proposes exceptions. Nothing is held back or hidden for it: what is urgent you hear at once.";
    learning_again = "Begin de leerweek opnieuw", "Begin the learning week again";
    learning_again_why = "Na een verhuizing of een nieuw netwerk. Wat al is vastgelegd blijft.", "After a move or a new network. What was recorded stays.";
    proposals_heading = "Voorgestelde uitzonderingen", "Proposed exceptions";
    proposals_lead = "Uit de leerweek: mild, dagenlang hetzelfde, en te verklaren. Nooit iets ernstigs, niets dat op een lijst staat. U beslist; een jaar lang geldt wat u overneemt.", "From the learning week: mild, the same for days, and explained. Never anything severe, nothing that is on a list. You decide; what you take over holds for a year.";
    proposals_caption = "Wat hier gewoon lijkt", "What looks ordinary here";
    proposals_none = "Nog niets voor te stellen. Pas na enkele dagen is te zien wat een gewoonte is.", "Nothing to propose yet. Only after some days does it show what is a habit.";
    proposal_choose = "Kies:", "Choose:";
    proposal_often = "Hoe vaak, en wanneer", "How often, and when";
    proposal_do = "Wat doet u ermee", "What you do with it";
    proposal_take = "Neem over", "Take over";
    proposal_edit = "Pas eerst aan", "Edit first";
    proposal_refuse = "Weiger", "Refuse";
    proposals_choose = "Kies wat er met de voorstellen gebeurt: neem over of weiger. Er is nog niets beslist.", "Choose what becomes of the proposals: take over or refuse. Nothing was decided yet.";
    proposals_take = "Neem de aangevinkte over", "Take over those ticked";
    proposals_refuse = "Weiger de aangevinkte", "Refuse those ticked";
    lists_heading = "Dreigingslijsten", "Threat lists";
    lists_go = "Dreigingslijsten", "Threat lists";
    lists_lead = "Lijsten van wat bekend is als kwaadaardig. Er zit er geen bij het programma, en er wordt niets opgehaald voordat u kiest.", "Lists of what is known to be malicious. None comes with the program, and nothing is fetched before you choose.";
    lists_how = "Deze server haalt ze op bij hun uitgever en geeft ze door aan de sensoren van deze organisatie. Wat een sensor opzoekt, verlaat hem niet. Draaien er meer servers, dan haalt elk ze zelf op.", "This server fetches them from their publishers and hands them to this organisation's sensors. What a sensor looks up does not leave it. Where there are several servers, each fetches them itself.";
    lists_own = "Een sensor die met --intel-dir een eigen map bijhoudt, gebruikt die en niet deze keuze. Op zo'n apparaat: dijkwacht intel add NAAM, en elk uur dijkwacht intel update (packaging/dijkwacht-intel.timer).", "A sensor that keeps a folder of its own with --intel-dir uses that and not this choice. On such a device: dijkwacht intel add NAME, and dijkwacht intel update every hour (packaging/dijkwacht-intel.timer).";
    lists_first(names: &str) = "Er is nog geen lijst gekozen. Goed om mee te beginnen: {names}. Waarom, staat erbij; lees ook de voorwaarden.", "No list was chosen yet. Good to begin with: {names}. Why, stands with each; read the terms too.";
    list_first = "Goede eerste keuze", "Good first choice";
    lists_choice = "Kies wat de sensoren gebruiken", "Choose what the sensors use";
    lists_save = "Bewaar de keuze", "Save the choice";
    lists_saved = "De keuze is bewaard. Wat nieuw is wordt nu opgehaald.", "The choice was saved. What is new is being fetched.";
    lists_fetching = "De lijsten worden nu opgehaald. Ververs de pagina over een minuut.", "The lists are being fetched. Reload the page in a minute.";
    lists_now = "Haal nu op", "Fetch now";
    lists_now_why = "Ook wat nog niet aan de beurt is.", "Also what is not due yet.";
    list_from(publisher: &str) = "Van {publisher}", "By {publisher}";
    list_source = "Bron", "Source";
    list_terms = "voorwaarden", "terms";
    list_terms_of(publisher: &str) = "voorwaarden van {publisher}", "terms of {publisher}";
    list_licence_none = "licentie onbekend", "licence unknown";
    list_fetching(when: &str) = "Wordt nu opgehaald, sinds {when}. Ververs de pagina om te zien of het klaar is.", "Being fetched now, since {when}. Reload the page to see whether it is done.";
    list_waiting = "Nog niet opgehaald", "Not fetched yet";
    list_there(entries: &str, when: &str) = "{entries}, opgehaald {when}", "{entries}, fetched {when}";
    list_stale = "Verouderd", "Out of date";
    list_fault(why: &str) = "De laatste poging mislukte: {why}", "The last try failed: {why}";
    list_chosen(who: &str, when: &str) = "Gekozen door {who}, {when}", "Chosen by {who}, {when}";
    compare_heading = "Vergelijken met andere klanten", "Comparing with other customers";
    compare_go = "Vergelijken met andere klanten", "Comparing with other customers";
    compare_lead = "Wat bij u gevonden werd, kan ook bij een ander gevonden zijn. Vergelijken staat uit tot uw eigen beheerder het aanzet.", "What was found with you may have been found elsewhere too. Comparing is off until your own administrator switches it on.";
    compare_what_heading = "Wat er dan gebeurt", "What happens then";
    compare_what = "Van detecties met ernst middel of hoger wordt het kenmerk vergeleken: het domein, het adres of de vingerafdruk, als hash. Nooit een naam, apparaat of organisatie, en nooit wat u zelf gewoon noemt.", "Of detections of severity medium or above the indicator is compared: the domain, the address or the fingerprint, as a hash. Never a name, host or organisation, and never what you call ordinary yourself.";
    compare_kept = "Het volgt wat de server bewaart, en verdwijnt daarmee. Zet u het uit, dan is het meteen gewist.", "It follows what the server keeps, and goes with it. Switch it off, and it is deleted at once.";
    compare_on = "Zet vergelijken aan", "Switch comparing on";
    compare_off = "Zet vergelijken uit", "Switch comparing off";
    compare_ask = "Alleen een beheerder van de organisatie zelf kan dit aanzetten; uw IT-bedrijf niet.", "Only an administrator of the organisation itself can switch this on; your provider cannot.";
    compare_alone = "Deze organisatie heeft geen IT-bedrijf op deze server, en dus niemand om mee te vergelijken.", "This organisation has no provider on this server, and so nobody to compare with.";
    compare_saved = "Het is bewaard.", "It was saved.";
    compare_history = "Wat er is besloten", "What was decided";
    compare_history_none = "Nog niets: het staat uit.", "Nothing yet: it is off.";
    case_alarm_now = "Vraagt nu aandacht", "Needs attention now";
    case_alarm_digest = "Kan wachten", "Can wait";
    case_digest = "Dit kan wachten: het telt mee in het weekoverzicht van maandag. Er is geen apart bericht over gestuurd.", "This can wait: it counts in Monday’s weekly digest. No separate message was sent about it.";
}

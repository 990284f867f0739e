//! The frame, forms, errors, numbers.

use app::Trouble;
use facts::Language;

use crate::words::{Words, words};

impl Words {
    /// The BCP 47 tag of the page.
    pub(crate) fn tag(self) -> &'static str {
        self.0.tag()
    }

    pub(crate) fn other_tag(self) -> &'static str {
        self.pick(Language::English, Language::Dutch).tag()
    }

    /// The title of an incident: of an erased one, that it was.
    pub(crate) fn title(self, title: &str, is_erased: bool) -> &str {
        if is_erased { self.pick("(gewist)", "(erased)") } else { title }
    }

    /// A number with a decimal where it has one.
    pub(crate) fn decimal(self, number: f64) -> String {
        let plain = format!("{}", (number * 1000.0).round() / 1000.0);
        self.pick(plain.replace('.', ","), plain.clone())
    }

    pub(crate) fn percent(self, number: f64) -> String {
        format!("{number:.0} %")
    }

    pub(crate) fn failure_heading(self, status: u16) -> &'static str {
        match status {
            403 => self.pick("Dit mag u hier niet", "You may not do this here"),
            404 => self.pick("Deze pagina is er niet", "This page is not there"),
            409 => self.pick("Iemand was u voor", "Somebody was before you"),
            413 => self.pick("Te groot", "Too large"),
            429 => self.pick("Even wachten", "Wait a moment"),
            500..=599 => self.pick("Er ging iets mis bij ons", "Something went wrong on our side"),
            _ => self.pick("Dat lukte niet", "That did not work"),
        }
    }
}

impl Words {
    /// What keeps the store from doing its work, in a few words.
    pub(crate) fn trouble_heading(self, trouble: Trouble) -> &'static str {
        match trouble {
            Trouble::Full => self.pick("De schijf is vol", "The disk is full"),
            Trouble::ReadOnly => self.pick("Hier is nu alleen te lezen", "This can only be read right now"),
            Trouble::NoRights => self.pick("Geen rechten op de gegevens", "No rights to the data"),
            Trouble::Held => self.pick("Even bezet", "Busy right now"),
            Trouble::Damaged => self.pick("Dit is beschadigd", "This is damaged"),
            Trouble::Failing => self.pick("De schijf geeft fouten", "The disk reports errors"),
            Trouble::Moved => self.pick("De gegevens zijn verhuisd", "The data were moved"),
            Trouble::Unreachable | Trouble::Other => self.pick("Even niet bereikbaar", "Not reachable right now"),
        }
    }
}

words! {
    form_with_files_gone = "De bestanden die u koos, en wat u daarbij typte, staan niet op deze pagina. Ga terug in uw browser: daar staat uw tekst vaak nog. Kies de bestanden opnieuw.", "The files that you chose, and what you typed with them, are not on this page. Go back in your browser: your text is often still there. Choose the files again.";
    choose_files_again = "Kies de bestanden opnieuw: die zijn niet bewaard. Uw tekst staat er nog.", "Choose the files again: they were not kept. Your text is still here.";
    sign_in_failed = "U bent niet aangemeld. Loopt er een termijn, wacht dan niet: meld alvast bij de AP (autoriteitpersoonsgegevens.nl), en leg het hier vast zodra dat weer kan.", "You are not signed in. If a deadline is running, do not wait: report to the authority (autoriteitpersoonsgegevens.nl), and record it here as soon as that can be done again.";
    sign_out_failed = "In deze browser bent u afgemeld. De server kon dat niet vastleggen: wie een kopie van uw aanmelding heeft, kan die nog ten hoogste twaalf uur gebruiken.", "In this browser you are signed out. The server could not record that: whoever has a copy of your session can use it for at most twelve hours more.";
    typed_heading = "Wat u typte", "What you typed";
    typed_text = "Uw tekst is niet kwijt: hij staat hieronder. Verstuur hem vanaf deze pagina opnieuw, of bewaar hem zelf.", "Your text is not lost: it stands below. Send it again from this page, or keep it yourself.";
    typed_again = "Verstuur opnieuw", "Send again";
    // The frame.
    skip_to_content = "Naar de inhoud", "Skip to the content";
    navigation = "Hoofdmenu", "Main menu";
    nav_board = "Bord", "Board";
    nav_today = "Vandaag", "Today";
    nav_incidents = "Incidenten", "Incidents";
    nav_register = "Register", "Register";
    nav_settings = "Instellingen", "Settings";
    nav_help = "Hulp", "Help";
    about = "Over Dijkwacht", "About Dijkwacht";
    sign_out = "Afmelden", "Sign out";
    other_language = "English", "Nederlands";
    to_start = "Naar het begin", "To the start";
    print = "Afdrukken", "Print";
    copy = "Kopieer", "Copy";
    copied = "Gekopieerd", "Copied";

    // Forms.
    problems_heading = "Dit klopt nog niet", "Something needs another look";
    title_with_problems(title: &str) = "Fout: {title}", "Error: {title}";
    sign_in_unsaved = "Wat u net verstuurde, is niet bewaard: u was niet meer aangemeld. Meld u aan; bij het formulier kunt u uw tekst terugzetten. Staat hij daar niet, dan heeft de knop Terug van uw browser hem misschien nog.", "What you just sent was not saved: you were no longer signed in. Sign in; at the form you can put your text back. If it is not there, the Back button of your browser may still have it.";
    draft_found = "U typte hier eerder iets dat niet is bewaard.", "You typed something here before that was not saved.";
    draft_restore = "Zet terug", "Put it back";
    draft_forget = "Gooi weg", "Throw it away";
    yes = "Ja", "Yes";
    no = "Nee", "No";
    day = "Dag", "Day";
    time = "Tijd", "Time";
    day_wrong = "Vul een dag in, zoals 27-03-2026.", "Enter a day, such as 27-03-2026.";
    time_wrong = "Vul een tijd in, zoals 15:20.", "Enter a time, such as 15:20.";
    hour_missing = "Deze tijd bestaat niet: de klok ging toen een uur vooruit. Kies de tijd ervoor of erna.", "This time does not exist: the clock went forward an hour then. Choose the time before or after.";
    hour_twice = "Deze tijd was er twee keer: de klok ging toen een uur terug. Kies welke u bedoelt.", "This time was there twice: the clock went back an hour then. Choose which one you mean.";
    which_hour = "Welke van de twee?", "Which of the two?";
    hour_first = "De eerste (zomertijd)", "The first (summer time)";
    hour_second = "De tweede (wintertijd)", "The second (winter time)";

    // Signing in and setting up.
    sign_in = "Aanmelden", "Sign in";
    sign_in_no_account = "Nog geen account? Vraag uw beheerder om een uitnodiging. Iets melden kan altijd zonder account, met de meldlink van uw organisatie.", "No account yet? Ask your administrator for an invitation. Reporting something never needs an account: use your organisation’s report link.";
    email = "E-mailadres", "E-mail address";
    password = "Wachtwoord", "Password";
    sign_in_too_long = "Dit is te lang. Een e-mailadres heeft hooguit 254 tekens, een wachtwoord hooguit 1000.", "This is too long. An e-mail address has at most 254 characters, a password at most 1000.";
    password_hint = "Ten minste 12 tekens. Een paar losse woorden achter elkaar werkt goed.", "At least 12 characters. A few separate words in a row work well.";
    your_name = "Uw naam", "Your name";
    your_name_hint = "Zo staat u onder wat u doet en besluit.", "This is how you stand under what you do and decide.";
    set_up_first = "Welkom bij Dijkwacht", "Welcome to Dijkwacht";
    set_up_first_lead = "U bent de eerste. Hierna kunt u meteen incidenten melden, beoordelen en vastleggen.", "You are the first. After this you can report, assess and record incidents at once.";
    set_up_invited = "Uw account maken", "Make your account";
    set_up_invited_lead = "U bent uitgenodigd. Kies een wachtwoord en u kunt beginnen.", "You have been invited. Choose a password and you can start.";
    set_up_organisation = "Naam van uw organisatie", "Name of your organisation";
    set_up_organisation_hint = "Zoals die in brieven en het register moet staan.", "As it should stand in letters and the register.";
    set_up_go = "Begin", "Start";
    nowhere_heading = "U hebt nog geen plek", "You have no place yet";
    nowhere_text = "Uw account werkt, maar u hoort nog bij geen organisatie. Vraag een beheerder om u een rol te geven.", "Your account works, but you belong to no organisation yet. Ask an administrator to give you a role.";
}

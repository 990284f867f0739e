//! The organisation's settings: its details, and where each of them appears.

use crate::words::words;

words! {
    settings_heading = "Gegevens van uw organisatie", "Your organisation’s details";
    settings_lead(name: &str) = "Wat de AP over {name} vraagt, en wat in de brief staat. Vul het nu in, dan is het klaar als het nodig is.", "What the AP asks about {name}, and what stands in the letter. Fill it in now, and it is ready when it is needed.";
    settings_made = "Alles mag leeg blijven. Documenten die al gemaakt zijn, veranderen niet.", "Everything may stay empty. Documents that were made already do not change.";
    settings_organisation = "De organisatie", "The organisation";
    settings_address = "Straat en huisnummer", "Street and number";
    settings_address_hint = "Vraag 3.1.1 van het AP-formulier. Staat ook boven de brief.", "Question 3.1.1 of the AP’s form. Also stands at the head of the letter.";
    settings_postcode = "Postcode", "Postcode";
    settings_postcode_hint = "Zoals 1234 AB. Staat bij het adres.", "Such as 1234 AB. Stands with the address.";
    settings_town = "Plaats", "Town";
    settings_town_hint = "Staat bij het adres.", "Stands with the address.";
    settings_kvk = "KvK-nummer", "KvK number (trade register)";
    settings_kvk_hint = "8 cijfers. Vraag 3.1.1 van het AP-formulier.", "8 digits. Question 3.1.1 of the AP’s form.";
    settings_sector = "Sector", "Sector";
    settings_sector_hint = "Zoals zorg of detailhandel. Vraag 3.1.2 van het AP-formulier.", "Such as health care or retail. Question 3.1.2 of the AP’s form.";
    settings_dpo = "Registratienummer van de FG", "Registration number of the DPO (FG)";
    settings_dpo_hint = "Alleen als u een FG hebt aangemeld bij de AP. Vraag 3.1.1 van het AP-formulier.", "Only if you registered a DPO (FG) with the AP. Question 3.1.1 of the AP’s form.";
    settings_contact = "De contactpersoon", "The contact";
    settings_contact_who = "Bij wie de AP en de betrokkenen terechtkunnen.", "Whom the AP and the persons concerned can turn to.";
    settings_contact_name = "Naam", "Name";
    settings_contact_name_hint = "Vraag 3.2.2 van het AP-formulier. Staat ook in de brief.", "Question 3.2.2 of the AP’s form. Also stands in the letter.";
    settings_contact_function = "Functie", "Function";
    settings_contact_function_hint = "Vraag 3.2.1 van het AP-formulier, als deze persoon zelf meldt.", "Question 3.2.1 of the AP’s form, if this person notifies.";
    settings_contact_email = "E-mailadres", "E-mail address";
    settings_contact_email_hint = "Vraag 3.2.2 van het AP-formulier. Staat ook in de brief.", "Question 3.2.2 of the AP’s form. Also stands in the letter.";
    settings_contact_phone = "Telefoonnummer", "Telephone number";
    settings_contact_phone_hint = "Vraag 3.2.2 van het AP-formulier. Staat ook in de brief, en op de pagina die na een melding komt.", "Question 3.2.2 of the AP’s form. Also stands in the letter, and on the page that comes after a report.";
    settings_save = "Bewaar de gegevens", "Save the details";
    settings_saved = "De gegevens zijn bewaard.", "The details were saved.";
    settings_saved_then = "Ze staan in elk dossier en elke brief die u hierna maakt.", "They stand in every dossier and every letter that you make from now on.";
    settings_fill_in(label: &str) = "Vul in bij Instellingen: {label}", "Fill in at Settings: {label}";
}

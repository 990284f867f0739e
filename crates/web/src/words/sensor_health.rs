//! How sensors are, taken together; and what they saw that waits for somebody.

use app::{Health, MOST_URGENT, SensorStanding};

use crate::words::{Words, words};

impl Words {
    /// Of the sensors that are there; captures that were played count for nothing, and are named where there is nothing else.
    pub(crate) fn sensors_lead<'a>(self, standing: impl Iterator<Item = &'a SensorStanding>) -> String {
        let (mut well, mut silent, mut unheard, mut ahead, mut troubled) = (0, 0, 0, 0, 0);
        let mut was_played = false;
        for one in standing {
            match one.health {
                Health::Removed => {}
                Health::Replayed => was_played = true,
                Health::Well => well += 1,
                Health::Silent => silent += 1,
                Health::NeverHeard => unheard += 1,
                Health::ClockAhead => ahead += 1,
                Health::Troubled(_) => troubled += 1,
            }
        }
        let all = well + silent + unheard + ahead + troubled;
        match all {
            0 if was_played => {
                return self
                    .pick(
                        "Er is een opname gelezen; er kijkt nu niets live mee.",
                        "A capture was read; nothing watches live now.",
                    )
                    .to_owned();
            }
            0 => {
                return self.pick("Er kijkt niets mee met het netwerk.", "Nothing watches the network.").to_owned();
            }
            1 if well == 1 => {
                return self
                    .pick("Eén sensor kijkt mee, en laat van zich horen.", "One sensor is watching, and is heard.")
                    .to_owned();
            }
            _ if well == all => {
                return self.pick(
                    format!("{all} sensoren kijken mee, en laten van zich horen."),
                    format!("{all} sensors are watching, and are heard."),
                );
            }
            _ => {}
        }
        let part = |count: u32, (one_nl, one_en): (&str, &str), (more_nl, more_en): (&str, &str)| match count {
            0 => None,
            1 if all == 1 => Some(self.pick(format!("De sensor {one_nl}"), format!("The sensor {one_en}"))),
            1 => Some(self.pick(format!("Eén sensor {one_nl}"), format!("One sensor {one_en}"))),
            _ => Some(self.pick(format!("{count} sensoren {more_nl}"), format!("{count} sensors {more_en}"))),
        };
        let parts = [
            part(
                silent,
                (
                    "zwijgt: wat er op dat netwerk gebeurt, is nu niet te zien.",
                    "is not heard: what happens on that network cannot be seen now.",
                ),
                (
                    "zwijgen: wat er op die netwerken gebeurt, is nu niet te zien.",
                    "are not heard: what happens on those networks cannot be seen now.",
                ),
            ),
            part(
                ahead,
                (
                    "heeft een klok die voorloopt: wat vooruitligt, wordt niet aangenomen.",
                    "has a clock that is ahead: what lies ahead is not taken.",
                ),
                (
                    "hebben een klok die voorloopt: wat vooruitligt, wordt niet aangenomen.",
                    "have a clock that is ahead: what lies ahead is not taken.",
                ),
            ),
            part(
                troubled,
                ("laat van zich horen, maar er is iets mis.", "is heard, but something is wrong."),
                ("laten van zich horen, maar er is iets mis.", "are heard, but something is wrong."),
            ),
            part(
                unheard,
                ("is aangemeld en liet nog niets van zich horen.", "is enrolled and was not heard yet."),
                ("zijn aangemeld en lieten nog niets van zich horen.", "are enrolled and were not heard yet."),
            ),
            part(well, ("kijkt mee.", "is watching."), ("kijken mee.", "are watching.")),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// How many cases ask for attention now and are in no incident: in a table, and as a sentence.
    pub(crate) fn urgent_count(self, count: u64) -> String {
        match count {
            1 => self.pick("1 zaak", "1 case").to_owned(),
            MOST_URGENT.. => self.pick(format!("{count} of meer zaken"), format!("{count} or more cases")),
            _ => self.pick(format!("{count} zaken"), format!("{count} cases")),
        }
    }

    pub(crate) fn urgent_said(self, count: u64) -> String {
        let cases = self.urgent_count(count);
        match count {
            1 => self.pick(
                format!("{cases} van de sensoren vraagt nu aandacht en zit in geen incident."),
                format!("{cases} of the sensors asks for attention now and is in no incident."),
            ),
            _ => self.pick(
                format!("{cases} van de sensoren vragen nu aandacht en zitten in geen incident."),
                format!("{cases} of the sensors ask for attention now and are in no incident."),
            ),
        }
    }
}

words! {
    trouble_since(when: &str) = "Sinds {when}.", "Since {when}.";
    urgent_heading = "Vraagt nu aandacht", "Needs attention now";
    urgent_none = "niets", "nothing";
    urgent_unread = "dat mag u hier niet zien", "you may not see that here";
    urgent_go = "Bekijk ze", "Have a look";
    urgent_why = "Open er een incident van, of maak een uitzondering als het hier gewoon is.", "Make an incident of it, or an exception where it is ordinary here.";
}

#[cfg(test)]
mod tests {
    use facts::Language;

    use super::*;

    #[test]
    fn cases_that_wait_are_counted_as_far_as_they_were_looked_at() {
        let (nl, en) = (Words(Language::Dutch), Words(Language::English));
        assert_eq!(nl.urgent_said(1), "1 zaak van de sensoren vraagt nu aandacht en zit in geen incident.");
        assert_eq!(nl.urgent_said(3), "3 zaken van de sensoren vragen nu aandacht en zitten in geen incident.");
        assert_eq!((nl.urgent_count(49), nl.urgent_count(50)), ("49 zaken".into(), "50 of meer zaken".into()));
        assert_eq!((en.urgent_count(1), en.urgent_count(99)), ("1 case".into(), "99 or more cases".into()));
    }
}

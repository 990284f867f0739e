//! The frame around every page: title, navigation, who is signed in, the other language.

use app::Scope;
use axum::http::Uri;
use incident::Permission;

use crate::address::{sensors_of, settings_of};
use crate::desk::Seat;
use crate::drawing::Icon;
use crate::visit::Visit;
use crate::words::Words;
use crate::{assets, language};

/// Where in the navigation a page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Nowhere,
    Board,
    Today,
    Incidents,
    Register,
    Sensors,
    Settings,
    Help,
}

/// One way on in the navigation.
pub(crate) struct Way {
    pub(crate) href: String,
    pub(crate) label: &'static str,
    pub(crate) icon: Icon,
    pub(crate) is_here: bool,
}

/// What the base template shows around a page.
pub(crate) struct Frame {
    pub(crate) w: Words,
    pub(crate) title: String,
    place: Place,
    /// The page itself in the other language.
    pub(crate) other_language: String,
    pub(crate) person: Option<String>,
    pub(crate) token: String,
    /// The draft in the browser that was saved just now and goes.
    pub(crate) draft_done: Option<String>,
    /// What of this register is known to be damaged.
    pub(crate) damage: Vec<String>,
    /// Where the mark leads: for who has no account, never to a page that asks for one.
    pub(crate) home: String,
    has_board: bool,
    organisation: Option<Organisation>,
}

struct Organisation {
    slug: String,
    name: String,
    has_incidents: bool,
    has_register: bool,
    has_sensors: bool,
    has_settings: bool,
}

impl Frame {
    pub(crate) fn of(visit: &Visit, title: &str, place: Place) -> Self {
        let signed_in = visit.signed_in.as_ref();
        Self {
            w: visit.w,
            title: title.to_owned(),
            place,
            other_language: language::elsewhere(&visit.uri, visit.language()),
            person: signed_in.map(|signed_in| signed_in.who.name.clone()),
            token: signed_in.map(|signed_in| signed_in.token.clone()).unwrap_or_default(),
            draft_done: None,
            damage: Vec::new(),
            home: "/".to_owned(),
            has_board: false,
            organisation: None,
        }
    }

    /// The frame of a page that knows nobody: an error.
    pub(crate) fn bare(w: Words, uri: &Uri, title: &str) -> Self {
        Self {
            w,
            title: title.to_owned(),
            place: Place::Nowhere,
            other_language: language::elsewhere(uri, w.0),
            person: None,
            token: String::new(),
            draft_done: None,
            damage: Vec::new(),
            home: "/".to_owned(),
            has_board: false,
            organisation: None,
        }
    }

    pub(crate) fn for_seat(mut self, seat: &Seat) -> Self {
        self.person = Some(seat.who.name.clone());
        self.token.clone_from(&seat.token);
        self.has_board = seat.has_board;
        self
    }

    pub(crate) fn in_organisation(mut self, scope: &Scope) -> Self {
        let organisation = scope.organisation();
        self.organisation = Some(Organisation {
            slug: organisation.slug.clone(),
            name: organisation.name.clone(),
            has_incidents: scope.allows(Permission::ReadIncident),
            has_register: scope.allows(Permission::ReadRegister),
            has_sensors: scope.allows(Permission::SeeSensors),
            has_settings: scope.allows(Permission::Administer),
        });
        self
    }

    /// For a page shown in answer to a form: the address at which it stands by itself.
    pub(crate) fn standing_at(mut self, path: &str) -> Self {
        if let Ok(uri) = path.parse::<Uri>() {
            self.other_language = language::elsewhere(&uri, self.w.0);
        }
        self
    }

    /// For a page of who reports without an account: the report form is where they begin.
    pub(crate) fn at_home(mut self, path: &str) -> Self {
        path.clone_into(&mut self.home);
        self
    }

    pub(crate) fn with_draft_done(mut self, draft: Option<String>) -> Self {
        self.draft_done = draft;
        self
    }

    /// For a page that reads no entry, and says which are damaged.
    pub(crate) fn with_damage(mut self, damage: Vec<String>) -> Self {
        self.damage = damage;
        self
    }

    /// For a page on which something needs another look.
    pub(crate) fn with_problems(mut self) -> Self {
        self.title = self.w.title_with_problems(&self.title);
        self
    }

    pub(crate) fn organisation_name(&self) -> Option<&str> {
        self.organisation.as_ref().map(|organisation| organisation.name.as_str())
    }

    pub(crate) fn has_navigation(&self) -> bool {
        !self.ways().is_empty()
    }

    /// The navigation. Somebody of one organisation without a provider never sees a word about a board.
    pub(crate) fn ways(&self) -> Vec<Way> {
        let mut ways = Vec::new();
        if self.person.is_none() {
            return ways;
        }
        let mut add = |href: String, label, icon, place| {
            ways.push(Way { href, label, icon, is_here: place == self.place });
        };
        if self.has_board {
            add("/bord".into(), self.w.nav_board(), Icon::Board, Place::Board);
        }
        if let Some(Organisation { slug, has_incidents, has_register, has_sensors, has_settings, .. }) =
            &self.organisation
        {
            add(format!("/o/{slug}"), self.w.nav_today(), Icon::Today, Place::Today);
            if *has_incidents {
                add(format!("/o/{slug}/incidenten"), self.w.nav_incidents(), Icon::Incidents, Place::Incidents);
            }
            if *has_register {
                add(format!("/o/{slug}/register"), self.w.nav_register(), Icon::Register, Place::Register);
            }
            if *has_sensors {
                add(sensors_of(slug), self.w.nav_sensors(), Icon::Sensors, Place::Sensors);
            }
            if *has_settings {
                add(settings_of(slug), self.w.nav_settings(), Icon::Settings, Place::Settings);
            }
        }
        add("/hulp".into(), self.w.nav_help(), Icon::Help, Place::Help);
        ways
    }

    pub(crate) fn style_path(&self) -> &'static str {
        assets::style_path()
    }

    pub(crate) fn script_path(&self) -> &'static str {
        assets::script_path()
    }

    pub(crate) fn mark_path(&self) -> &'static str {
        assets::mark_path()
    }
}

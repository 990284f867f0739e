//! Which crate may use which: the one table. ARCHITECTURE.md shows the same rows with their reasons, and a test keeps
//! the two equal.
//!
//! An arrow is a design decision. The commit that adds one changes this table and says why.

/// Where a crate stands, from the inside out. An arrow never points outward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// No input or output, no clock, no chance, no async: values in, values out.
    Core,
    /// Use cases and the ports they need.
    Application,
    /// Translates between a port or a public form and the world; decides nothing.
    Adapter,
    /// The binary: the only place that sees everything.
    Binary,
    /// Used by tests (and the demo's capture); nothing in production rests on it.
    Tests,
}

/// One crate of the workspace and the crates of ours that it may use.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    pub name: &'static str,
    pub layer: Layer,
    /// In the product, and no others.
    pub uses: &'static [&'static str],
    /// In its tests besides.
    pub tests_use: &'static [&'static str],
}

const fn member_of(
    layer: Layer,
    name: &'static str,
    uses: &'static [&'static str],
    tests_use: &'static [&'static str],
) -> Member {
    Member { name, layer, uses, tests_use }
}

/// Every crate there is, in the order of the flow.
pub const CRATES: &[Member] = &[
    member_of(Layer::Core, "facts", &[], &[]),
    member_of(Layer::Core, "law", &["facts"], &[]),
    member_of(Layer::Core, "incident", &["facts", "law"], &[]),
    member_of(Layer::Core, "register", &[], &["verify"]),
    member_of(Layer::Core, "verify", &[], &[]),
    member_of(Layer::Core, "documents", &["facts", "law", "incident"], &[]),
    member_of(Layer::Core, "personal", &[], &[]),
    member_of(Layer::Core, "wire", &["personal"], &[]),
    member_of(Layer::Core, "public-suffix", &[], &[]),
    member_of(Layer::Core, "intel", &["facts", "public-suffix"], &[]),
    member_of(Layer::Core, "detect", &["facts", "wire", "intel", "public-suffix"], &["office"]),
    member_of(Layer::Core, "logs", &["wire", "detect"], &["capture", "office"]),
    member_of(Layer::Core, "contract", &["facts", "law", "wire", "detect"], &[]),
    member_of(Layer::Core, "office", &[], &[]),
    member_of(
        Layer::Application,
        "app",
        &["facts", "law", "incident", "register", "documents", "detect", "contract"],
        &[],
    ),
    member_of(Layer::Adapter, "store-sqlite", &["app", "facts", "law", "incident", "register"], &["store-conformance"]),
    member_of(
        Layer::Adapter,
        "store-postgres",
        &["app", "facts", "law", "incident", "register"],
        &["store-conformance"],
    ),
    member_of(
        Layer::Adapter,
        "web",
        &["app", "contract", "facts", "law", "incident", "documents"],
        &["detect", "register", "sheets", "store-sqlite", "store-postgres", "store-conformance"],
    ),
    member_of(Layer::Adapter, "backup", &["app", "facts"], &[]),
    member_of(Layer::Adapter, "sheets", &["app", "documents", "facts"], &[]),
    member_of(Layer::Adapter, "outbound", &["app"], &[]),
    member_of(Layer::Adapter, "typeset", &["documents"], &["facts", "law", "incident"]),
    member_of(Layer::Adapter, "capture", &["wire"], &[]),
    member_of(Layer::Adapter, "archive", &["facts", "detect", "wire"], &["capture", "office"]),
    member_of(
        Layer::Adapter,
        "sensor",
        &["archive", "capture", "collect", "contract", "detect", "facts", "wire"],
        &["office"],
    ),
    member_of(Layer::Adapter, "collect", &["capture", "detect", "logs", "wire"], &["office"]),
    member_of(Layer::Adapter, "feeds", &["facts", "intel"], &[]),
    member_of(
        Layer::Binary,
        "dijkwacht",
        &[
            "facts",
            "law",
            "incident",
            "register",
            "verify",
            "documents",
            "wire",
            "intel",
            "detect",
            "office",
            "app",
            "contract",
            "store-sqlite",
            "sheets",
            "store-postgres",
            "outbound",
            "web",
            "typeset",
            "capture",
            "feeds",
            "collect",
            "logs",
            "sensor",
            "backup",
            "archive",
        ],
        &["store-conformance", "scale", "torture"],
    ),
    member_of(
        Layer::Tests,
        "store-conformance",
        &["app", "facts", "law", "incident", "register", "documents", "detect", "sheets"],
        &[],
    ),
    member_of(
        Layer::Tests,
        "scale",
        &[
            "app",
            "facts",
            "law",
            "incident",
            "register",
            "verify",
            "documents",
            "office",
            "sheets",
            "store-sqlite",
            "store-postgres",
        ],
        &[],
    ),
    member_of(Layer::Tests, "pace", &["capture", "contract", "detect", "intel", "office", "wire"], &[]),
    member_of(Layer::Tests, "torture", &[], &[]),
    member_of(Layer::Tests, "tidy", &[], &[]),
];

/// The row of one crate.
#[must_use]
pub fn member(name: &str) -> Option<&'static Member> {
    CRATES.iter().find(|member| member.name == name)
}

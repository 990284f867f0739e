//! What cargo says of the workspace: its members, what each declares, and what comes along.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::tree::{Problem, repository_root};

/// A dependency as a member's manifest declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    pub name: String,
    /// For tests alone.
    pub is_dev: bool,
}

/// One crate, ours or another's.
#[derive(Clone, Debug)]
pub struct Package {
    pub name: String,
    pub license: Option<String>,
    pub description: Option<String>,
    /// False where the manifest says `publish = false`.
    pub may_be_published: bool,
    pub dependencies: Vec<Dependency>,
    /// Ids of what it uses in the product (neither tests nor build scripts), after features were chosen.
    normal: Vec<String>,
}

/// The resolved workspace.
#[derive(Clone, Debug)]
pub struct Workspace {
    packages: BTreeMap<String, Package>,
    members: Vec<String>,
}

impl Workspace {
    /// Asks cargo, without network and without touching the lock file.
    ///
    /// # Errors
    /// When cargo fails (a lock file out of step, say) or its answer is not in the form of `--format-version 1`.
    pub fn read() -> Result<Self, Problem> {
        // Without a platform, cargo wants the crates of every other system too, which nobody has fetched.
        let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", &platform])
            .current_dir(repository_root())
            .output()
            .map_err(|cause| Problem::new("cargo metadata does not start", cause))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(Problem::new("cargo metadata fails", said));
        }
        let json = serde_json::from_slice(&output.stdout)
            .map_err(|cause| Problem::new("cargo metadata is not JSON", cause))?;
        Self::from_json(&json).ok_or_else(|| Problem::new("cargo metadata", "a field is not where it was"))
    }

    fn from_json(json: &Value) -> Option<Self> {
        let mut packages = BTreeMap::new();
        for package in json.get("packages")?.as_array()? {
            packages.insert(package.get("id")?.as_str()?.to_owned(), package_from(package)?);
        }
        for node in json.get("resolve")?.get("nodes")?.as_array()? {
            let package = packages.get_mut(node.get("id")?.as_str()?)?;
            package.normal = normal_dependencies(node)?;
        }
        let members = strings(json.get("workspace_members")?)?;
        Some(Self { packages, members })
    }

    /// The members, by name.
    pub fn members(&self) -> impl Iterator<Item = &Package> {
        self.members.iter().filter_map(|id| self.packages.get(id))
    }

    /// The names of all that a member brings into the product, itself left out.
    #[must_use]
    pub fn brings(&self, member: &Package) -> BTreeSet<&str> {
        let mut seen = BTreeSet::new();
        let mut todo: Vec<&str> = member.normal.iter().map(String::as_str).collect();
        while let Some(id) = todo.pop() {
            let Some(package) = self.packages.get(id) else { continue };
            if seen.insert(package.name.as_str()) {
                todo.extend(package.normal.iter().map(String::as_str));
            }
        }
        seen
    }
}

fn package_from(json: &Value) -> Option<Package> {
    let text = |key: &str| json.get(key).and_then(Value::as_str).map(str::to_owned);
    let dependencies = json.get("dependencies")?.as_array()?.iter().map(dependency_from).collect::<Option<_>>()?;
    Some(Package {
        name: text("name")?,
        license: text("license"),
        description: text("description"),
        may_be_published: json.get("publish")?.as_array().is_none_or(|registries| !registries.is_empty()),
        dependencies,
        normal: Vec::new(),
    })
}

fn dependency_from(json: &Value) -> Option<Dependency> {
    let is_dev = json.get("kind")?.as_str() == Some("dev");
    Some(Dependency { name: json.get("name")?.as_str()?.to_owned(), is_dev })
}

fn normal_dependencies(node: &Value) -> Option<Vec<String>> {
    let mut ids = Vec::new();
    for dependency in node.get("deps")?.as_array()? {
        let kinds = dependency.get("dep_kinds")?.as_array()?;
        if kinds.iter().any(|kind| kind.get("kind").is_some_and(Value::is_null)) {
            ids.push(dependency.get("pkg")?.as_str()?.to_owned());
        }
    }
    Some(ids)
}

fn strings(json: &Value) -> Option<Vec<String>> {
    json.as_array()?.iter().map(|value| value.as_str().map(str::to_owned)).collect()
}

//! `dijkwacht`: one program for data breaches. This file reads the command line and maps what happened to an exit code;
//! each verb has a file of its own under `verbs`.

mod authority;
mod counted;
mod demo;
mod edge;
mod erasure_list;
mod handover;
mod hold;
mod law_dir;
mod log;
mod mail;
mod master_key;
mod outcome;
mod outlet;
mod place;
mod safekeeping;
mod threat_lists;
mod unfinished;
mod verbs;
mod wiring;
mod work;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use facts::Language;

use outcome::Outcome;

/// Watches for leaks of personal data, tells what the law asks, and keeps the register.
#[derive(Parser)]
#[command(name = "dijkwacht", version, about, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Demo(verbs::demo::Args),
    Serve(verbs::serve::Args),
    Sensor(Box<verbs::sensor::Args>),
    Scan(verbs::scan::Args),
    Flows(verbs::flows::Args),
    Hunt(verbs::hunt::Args),
    Assess(verbs::assess::Args),
    Intel(verbs::intel::Args),
    Interview(verbs::interview::Args),
    Clock(verbs::clock::Args),
    Import(verbs::import::Args),
    Export(verbs::export::Args),
    Checkpoint(verbs::checkpoint::Args),
    Prove(verbs::prove::Args),
    Forget(verbs::forget::Args),
    Dossier(verbs::dossier::Args),
    Verify(verbs::verify::Args),
    Evidence(verbs::evidence::Args),
    Law(verbs::law::Args),
    Mail(verbs::mail::Args),
    Organisation(verbs::organisation::Args),
    Rebuild(verbs::rebuild::Args),
    User(verbs::user::Args),
    Backup(verbs::backup::Args),
    BackupKey(verbs::backup_key::Args),
    Restore(verbs::restore::Args),
    RestoreDrill(verbs::restore_drill::Args),
    Migrate(verbs::migrate::Args),
}

impl Verb {
    /// In which language it speaks; verbs for operators alone speak English.
    fn language(&self) -> Language {
        match self {
            Self::Scan(args) => args.speech.language(),
            Self::Flows(args) => args.speech.language(),
            Self::Sensor(args) => args.speech.language(),
            Self::Hunt(args) => args.speech.language(),
            Self::Assess(args) => args.speech.language(),
            Self::Interview(args) => args.speech.language(),
            Self::Clock(args) => args.speech.language(),
            Self::Verify(args) => args.speech.language(),
            Self::Law(args) => args.speech.language(),
            Self::Intel(args) => args.speech.language(),
            Self::Demo(_)
            | Self::Serve(_)
            | Self::Import(_)
            | Self::Export(_)
            | Self::Evidence(_)
            | Self::Mail(_)
            | Self::Checkpoint(_)
            | Self::Prove(_)
            | Self::Forget(_)
            | Self::Dossier(_)
            | Self::Organisation(_)
            | Self::Rebuild(_)
            | Self::User(_)
            | Self::Backup(_)
            | Self::BackupKey(_)
            | Self::Restore(_)
            | Self::RestoreDrill(_)
            | Self::Migrate(_) => Language::English,
        }
    }
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        // Help and version go to stdout and are no error; everything else is wrong usage.
        Err(error) => {
            let code = if error.use_stderr() { Outcome::WrongUsage } else { Outcome::Done };
            let _ = error.print();
            return code.into();
        }
    };
    let language = cli.verb.language();
    let outcome = match cli.verb {
        Verb::Demo(args) => verbs::demo::run(args),
        Verb::Serve(args) => verbs::serve::run(args),
        Verb::Sensor(args) => verbs::sensor::run(&args),
        Verb::Scan(args) => verbs::scan::run(&args),
        Verb::Flows(args) => verbs::flows::run(&args),
        Verb::Hunt(args) => verbs::hunt::run(&args),
        Verb::Assess(args) => verbs::assess::run(&args),
        Verb::Interview(args) => verbs::interview::run(&args),
        Verb::Clock(args) => verbs::clock::run(&args),
        Verb::Import(args) => verbs::import::run(&args),
        Verb::Dossier(args) => verbs::dossier::run(&args),
        Verb::Export(args) => verbs::export::run(&args),
        Verb::Rebuild(args) => verbs::rebuild::run(&args),
        Verb::Checkpoint(args) => verbs::checkpoint::run(&args),
        Verb::Prove(args) => verbs::prove::run(&args),
        Verb::Forget(args) => verbs::forget::run(&args),
        Verb::Verify(args) => verbs::verify::run(&args),
        Verb::Evidence(args) => verbs::evidence::run(&args),
        Verb::Law(args) => verbs::law::run(&args),
        Verb::Intel(args) => verbs::intel::run(&args),
        Verb::Mail(args) => verbs::mail::run(args),
        Verb::Organisation(args) => verbs::organisation::run(args),
        Verb::User(args) => verbs::user::run(args),
        Verb::Backup(args) => verbs::backup::run(&args),
        Verb::BackupKey(args) => verbs::backup_key::run(&args),
        Verb::Restore(args) => verbs::restore::run(&args),
        Verb::RestoreDrill(args) => verbs::restore_drill::run(&args),
        Verb::Migrate(args) => verbs::migrate::run(&args),
    };
    match outcome {
        Ok(outcome) => outcome.into(),
        Err(failure) => {
            edge::complain(&failure.in_language(language));
            failure.outcome().into()
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::{Command, CommandFactory};

    use super::*;

    /// What is missing in the help of a verb and of those under it.
    fn missing(verb: &Command, path: &str, found: &mut Vec<String>) {
        if verb.get_about().is_none_or(|about| about.to_string().trim().is_empty()) {
            found.push(format!("{path}: what it is for"));
        }
        let example = verb.get_after_help().map(ToString::to_string).unwrap_or_default();
        if !example.contains(&format!("\n  {path}")) {
            found.push(format!("{path}: an example of it"));
        }
        for argument in verb.get_arguments().filter(|argument| !argument.is_hide_set()) {
            if argument.get_help().is_none_or(|help| help.to_string().trim().is_empty()) {
                found.push(format!("{path}: {} is not explained", argument.get_id()));
            }
        }
        for under in verb.get_subcommands() {
            missing(under, &format!("{path} {}", under.get_name()), found);
        }
    }

    #[test]
    fn every_verb_says_what_it_is_for_with_an_example_and_each_argument_explained() {
        let mut command = Cli::command();
        command.build();
        let mut found = Vec::new();
        for verb in command.get_subcommands() {
            missing(verb, &format!("dijkwacht {}", verb.get_name()), &mut found);
        }
        assert_eq!(found, Vec::<String>::new());
    }
}

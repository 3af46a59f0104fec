//! The steps of a remedy, with all that must be known before they are taken.

/// One step of a remedy.
#[derive(Clone, Copy, Debug)]
pub struct Action {
    /// Which shell takes it, or where a person does it.
    pub shell: Shell,
    /// The command, or the instruction where `shell` is a person's.
    pub command: &'static str,
    /// What it does beside its purpose.
    pub effect: Effect,
    /// What must be so before, as "close all WSUS consoles"; empty where nothing must.
    pub before: &'static str,
    /// Where it must not be run, as "a downstream or replica server"; empty where it may be run anywhere.
    pub not_on: &'static str,
    /// For which servers it is a remedy at all.
    pub audience: Audience,
}

/// For which servers a step of a remedy is meant; to the others it is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// For all.
    Everyone,
    /// For a server that synchronizes from an upstream WSUS server.
    Downstream,
    /// For a server that synchronizes from Microsoft Update.
    TopServer,
    /// For a server with a proxy of its own for HTTPS.
    SeparateProxy,
}

/// Which shell takes a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// Windows PowerShell 5.1, elevated; the UpdateServices module is not for PowerShell 7.
    WindowsPowerShell,
    /// `cmd.exe`, elevated.
    Cmd,
    /// A person, in the WSUS console or at another machine.
    Person,
}

/// What a command does beside its purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Reads only, or changes only what it says.
    Safe,
    /// Restarts IIS or the WSUS service: running synchronizations and downloads stop.
    RestartsIis,
    /// Affects other applications on the same server.
    AffectsOtherApplications,
    /// Sends a password in clear text.
    SendsPasswordInClearText,
}

impl Action {
    /// For elevated Windows PowerShell 5.1.
    pub const fn windows_powershell(command: &'static str) -> Action {
        Action {
            shell: Shell::WindowsPowerShell,
            command,
            effect: Effect::Safe,
            before: "",
            not_on: "",
            audience: Audience::Everyone,
        }
    }

    /// For an elevated `cmd.exe`.
    pub const fn cmd(command: &'static str) -> Action {
        Action {
            shell: Shell::Cmd,
            command,
            effect: Effect::Safe,
            before: "",
            not_on: "",
            audience: Audience::Everyone,
        }
    }

    /// For a person.
    pub const fn person(command: &'static str) -> Action {
        Action {
            shell: Shell::Person,
            command,
            effect: Effect::Safe,
            before: "",
            not_on: "",
            audience: Audience::Everyone,
        }
    }

    /// Says what it does beside its purpose.
    pub const fn that(mut self, effect: Effect) -> Action {
        self.effect = effect;
        self
    }

    /// Says what must be so before.
    pub const fn before(mut self, condition: &'static str) -> Action {
        self.before = condition;
        self
    }

    /// Says for which servers it is meant.
    pub const fn only_for(mut self, audience: Audience) -> Action {
        self.audience = audience;
        self
    }

    /// Says where it must not be run.
    pub const fn not_on(mut self, place: &'static str) -> Action {
        self.not_on = place;
        self
    }
}

impl Shell {
    /// As it stands in a diagnosis.
    pub fn name(self) -> &'static str {
        match self {
            Shell::WindowsPowerShell => "windows-powershell",
            Shell::Cmd => "cmd",
            Shell::Person => "person",
        }
    }
}

impl Effect {
    /// As it stands in a diagnosis.
    pub fn name(self) -> &'static str {
        match self {
            Effect::Safe => "safe",
            Effect::RestartsIis => "restarts-iis",
            Effect::AffectsOtherApplications => "affects-other-applications",
            Effect::SendsPasswordInClearText => "sends-password-in-clear-text",
        }
    }
}

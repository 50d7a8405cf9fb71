//! The scripts, and a call of one.

use std::sync::LazyLock;

use redis::{Cmd, ToRedisArgs};

/// A script with the hash that Redis knows it by.
#[derive(Debug)]
pub(super) struct Script {
    script: redis::Script,
    code: String,
}

impl Script {
    fn new(own: &str) -> Self {
        let code = format!("{}{own}", include_str!("lua/common.lua"));
        Self { script: redis::Script::new(&code), code }
    }

    pub(super) fn code(&self) -> &str {
        &self.code
    }
}

macro_rules! scripts {
    ($($name:ident = $file:literal),* $(,)?) => {
        $(pub(super) static $name: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!(concat!("lua/", $file))));)*
    };
}

scripts! {
    ABSENT = "absent.lua",
    CLAIM = "claim.lua",
    JOIN = "join.lua",
    PUT = "put.lua",
    TASK = "task.lua",
    LIST = "list.lua",
    FILL_LIST = "fill_list.lua",
    DROP = "drop.lua",
    PROJECTS = "projects.lua",
    FILL_PROJECTS = "fill_projects.lua",
}

/// A call of a script: `EVALSHA`, written once, in the bytes that are sent.
pub(super) struct Call {
    script: &'static Script,
    command: Cmd,
}

impl Call {
    pub(super) fn new(script: &'static Script, keys: &[&str]) -> Self {
        let mut command = redis::cmd("EVALSHA");
        command.arg(script.script.get_hash()).arg(keys.len()).arg(keys);
        Self { script, command }
    }

    pub(super) fn arg(&mut self, value: impl ToRedisArgs) -> &mut Self {
        self.command.arg(value);
        self
    }

    pub(super) fn command(&self) -> &Cmd {
        &self.command
    }

    pub(super) fn code(&self) -> &'static str {
        self.script.code()
    }
}

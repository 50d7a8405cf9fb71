//! What the functions may do in the cache: the access list of the user that they sign in as.
//!
//! Redis and Valkey check it inside of scripts too, so this is what the scripts of `app/store` call, besides what a
//! client says on a new connection. No command here lists keys or empties the cache.

/// The commands, as an access list spells them.
pub const COMMANDS: &[&str] = &[
    "auth",
    "client|setinfo",
    "del",
    "eval",
    "evalsha",
    "get",
    "getrange",
    "hdel",
    "hello",
    "hget",
    "hgetall",
    "hincrby",
    "hmget",
    "hset",
    "info",
    "mget",
    "pexpire",
    "ping",
    "script|load",
    "set",
    "time",
    "zadd",
    "zcard",
    "zincrby",
    "zmscore",
    "zrange",
    "zrangebyscore",
    "zrem",
    "zremrangebyrank",
    "zremrangebyscore",
    "zrevrangebyscore",
];

/// What every key of a deployment begins with. One hash tag: a script touches a task and its lists, which a cluster must
/// hold in one place. `tasks_table` keeps apart what different deployments keep in one Redis.
pub fn key_prefix(tasks_table: &str) -> String {
    format!("{{{tasks_table}}}:")
}

/// The access list of the functions' user: these commands, on these keys, and nothing else.
pub fn access_string(tasks_table: &str) -> String {
    let commands: Vec<String> = COMMANDS.iter().map(|command| format!("+{command}")).collect();
    format!("on ~{}* -@all {}", key_prefix(tasks_table), commands.join(" "))
}

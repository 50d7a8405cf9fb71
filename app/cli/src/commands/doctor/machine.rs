//! What can be seen without a network: the configuration and the spool.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use miyabi_shared::LogGroup;
use miyabi_shared::config::Environment;

use super::Check;
use crate::configuration::{self, Configuration};
use crate::redact::{self, Rules};
use crate::run::size;
use crate::spool;

/// Less room than this for a spool is worth a look: one run may keep that much.
const ROOM: u64 = 4 * spool::UNSENT_BYTES;

/// Where everything is, and who says so.
pub(super) fn configuration(
    configuration: &Configuration,
    flag: Option<&str>,
    environment: &dyn Environment,
) -> Vec<Check> {
    let mut checks = vec![Check::ok("version", concat!("miyabi ", env!("CARGO_PKG_VERSION")))];
    let from = configuration.origin(flag, environment);
    checks.push(match &configuration.api_url {
        Some(url) => Check::ok("configuration", format!("API {url} ({})", from.api)),
        None => Check::fail("configuration", "no API", configuration::NOT_CONFIGURED),
    });
    if let Some(logs) = configuration.logs(LogGroup::System) {
        let endpoint = logs.endpoint.as_deref().unwrap_or("AWS");
        let region = logs.region.as_deref().unwrap_or("the profile's region");
        checks.push(Check::ok("configuration", format!("logs at {endpoint}, {region} ({})", from.logs)));
    } else if configuration.api_url.is_some() {
        checks.push(Check::warn(
            "configuration",
            "nothing says where the logs are: progress arrives, output does not",
            "set AWS_REGION (or AWS_PROFILE) beside MIYABI_API_URL",
        ));
    }
    let known = "known shapes, telling names, this environment's secrets";
    checks.push(match environment.get(redact::PATTERNS).map(|patterns| Rules::patterns(&patterns)) {
        None => Check::ok("redaction", known),
        Some(Ok(patterns)) => {
            let more = format!("{known}, and {} patterns from {}", patterns.len(), redact::PATTERNS);
            Check::ok("redaction", more)
        }
        Some(Err(error)) => {
            let todo =
                format!("mend the expression or unset {}: `miyabi run` refuses to start", redact::PATTERNS);
            Check::fail("redaction", miyabi_client::chain(&error), todo)
        }
    });
    checks
}

/// What waits to be sent, and whether more could be kept.
pub(super) fn spool(environment: &dyn Environment) -> Vec<Check> {
    let Some(root) = spool::root(environment) else {
        return vec![Check::warn(
            "spool",
            "there is no home directory: what cannot be sent at once is kept in memory, and lost at the end",
            "set HOME or XDG_STATE_HOME",
        )];
    };
    let mut checks = Vec::new();
    if let Err(error) = fs::create_dir_all(&root).and_then(|()| tempfile_in(&root)) {
        return vec![Check::fail(
            "spool",
            format!("{} cannot be written: {error}", root.display()),
            "make it writable for you; until then what cannot be sent at once is kept in memory, and lost at the end",
        )];
    }
    if let Ok(about) = fs::metadata(&root) {
        let others = about.permissions().mode() & 0o077;
        let own = about.uid() == rustix::process::geteuid().as_raw();
        if others != 0 || !own {
            checks.push(Check::warn(
                "spool",
                format!(
                    "others may look into {} (mode {:o})",
                    root.display(),
                    about.permissions().mode() & 0o777
                ),
                format!("chmod 700 {}", root.display()),
            ));
        }
    }
    let pending = spool::pending(&root);
    let (bytes, runs) = (pending.iter().map(|path| spool::size(path)).sum::<u64>(), pending.len());
    checks.push(if runs == 0 {
        Check::ok("spool", format!("nothing waits in {}", root.display()))
    } else {
        Check::warn(
            "spool",
            format!(
                "{runs} runs wait in {} ({}; past {} the oldest output gives way)",
                root.display(),
                size(bytes),
                size(spool::ALL_UNSENT_BYTES)
            ),
            "`miyabi flush` delivers them, unless they belong to runs that are still at work",
        )
    });
    if let Ok(disk) = rustix::fs::statvfs(&root) {
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        checks.push(if free < ROOM {
            Check::warn(
                "disk",
                format!("{} free", size(free)),
                "make room: without it unsent output is kept in memory",
            )
        } else {
            Check::ok("disk", format!("{} free", size(free)))
        });
    }
    checks
}

/// Writes and removes a file.
fn tempfile_in(folder: &Path) -> std::io::Result<()> {
    let path = folder.join(format!(".doctor-{}", std::process::id()));
    fs::write(&path, b"")?;
    fs::remove_file(&path)
}

//! Keys, tokens and signing in, against an API that asks and an issuer that holds requests against the standard.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use miyabi_shared::EventBody;

use crate::support::{World, output, text};

/// A world whose API takes only that.
fn asking(good: &str) -> World {
    let world = World::online();
    world.seen().good = Some(BTreeSet::from([good.to_owned()]));
    world
}

/// Follows an address and where it leads, as a browser does.
fn browse(address: &str) -> (u16, String) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let answer = reqwest::get(address).await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    })
}

/// Signs in; gives what the command said.
fn sign_in(world: &World, before: impl FnOnce(&str)) -> String {
    let mut command = world.miyabi(["login", "--no-browser"]);
    let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut all = String::new();
    let address = loop {
        let mut line = String::new();
        assert!(said.read_line(&mut line).unwrap() > 0, "no address: {all}");
        all.push_str(&line);
        if let Some(address) = line.trim().strip_prefix("http") {
            break format!("http{address}");
        }
    };
    before(&address);
    let (status, page) = browse(&address);
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("You are signed in"), "{page}");
    std::io::copy(&mut said, &mut std::io::sink()).unwrap();
    assert!(child.wait().unwrap().success(), "{all}");
    all
}

/// The file of sign-ins.
fn file(world: &World) -> std::path::PathBuf {
    world.folder.path().join(".config/miyabi/sign-ins.json")
}

#[test]
fn a_key_is_shown_to_the_place_that_it_is_for_and_to_no_other() {
    let world = asking("mky_good");
    let mut command = world.run_script("exit 7");
    assert_eq!(output(command.env("MIYABI_API_KEY", "mky_good")).status.code(), Some(7));
    assert!(!world.seen().only_events().is_empty());
    let mut token = world.miyabi(["tasks"]);
    assert!(output(token.env("MIYABI_TOKEN", "mky_good")).status.success());
    assert_eq!(world.seen().shown, BTreeSet::from(["mky_good".to_owned()]));
    // A checkout's file names its place: what the shell has is for another.
    let (checkout, local) = (World::bare(), asking("nothing"));
    std::fs::create_dir(checkout.folder.path().join(".local")).unwrap();
    let address = &local.server.as_ref().unwrap().address;
    std::fs::write(checkout.folder.path().join(".local/env"), format!("MIYABI_API_URL=http://{address}\n"))
        .unwrap();
    assert!(!output(checkout.miyabi(["tasks"]).env("MIYABI_API_KEY", "mky_secret")).status.success());
    assert_eq!(local.seen().shown, BTreeSet::new());
}

#[test]
fn a_refused_key_never_disturbs_the_command_and_what_it_told_is_delivered_later() {
    let world = asking("mky_good");
    let mut command = world.run_script("echo hello; exit 3");
    let ran = output(command.env("MIYABI_API_KEY", "mky_revoked"));
    assert_eq!((ran.status.code(), text(&ran.stdout).as_str()), (Some(3), "hello\n"));
    let said = text(&ran.stderr);
    assert!(said.contains("401") && said.contains("miyabi doctor") && said.contains("kept"), "{said}");
    assert!(!said.contains("mky_revoked"), "{said}");
    assert_eq!(world.spools().len(), 1);
    let flushed = output(world.miyabi(["flush"]).env("MIYABI_API_KEY", "mky_good"));
    assert!(flushed.status.success(), "{}", text(&flushed.stderr));
    assert_eq!(world.spools().len(), 0);
    let last = world.seen().only_events().pop().unwrap();
    assert!(matches!(&last.body, EventBody::Result(result) if result.exit_code == Some(3)), "{last:?}");
}

#[test]
fn who_shows_nothing_is_told_what_helps() {
    let world = asking("mky_good");
    let tasks = output(&mut world.miyabi(["tasks"]));
    assert_eq!(tasks.status.code(), Some(1));
    assert!(text(&tasks.stderr).contains("sign in with `miyabi login`, or set MIYABI_API_KEY"), "{tasks:?}");
    let doctor = output(&mut world.miyabi(["doctor"]));
    let shown = text(&doctor.stdout);
    assert!(!doctor.status.success() && shown.contains("nothing was shown"), "{shown}");
    let doctor = output(world.miyabi(["doctor"]).env("MIYABI_API_KEY", "mky_good"));
    let shown = text(&doctor.stdout);
    assert!(shown.contains("you are ann (by a token), and may do tasks:write, in shop"), "{shown}");
}

#[test]
fn a_person_signs_in_by_a_browser_is_renewed_and_signs_out() {
    let world = asking("nothing");
    world.seen().issuer.life = Some(1);
    let said = sign_in(&world, |address| {
        // Another page of the browser comes with an answer of its own: it is refused, and ends nothing.
        let url = reqwest::Url::parse(address).unwrap();
        let back = url.query_pairs().find(|(name, _)| name == "redirect_uri").unwrap().1.into_owned();
        let (status, page) =
            browse(&format!("{}?code=stolen&state=guessed", back.replace("localhost", "127.0.0.1")));
        assert_eq!(status, 400, "{page}");
    });
    assert!(said.contains("code_challenge_method=S256"), "{said}");
    let mode = std::fs::metadata(file(&world)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    // The first one ends at once: every command begins with a new one, and the old one is good for nothing.
    let given = world.seen().issuer.given;
    world.seen().issuer.life = None;
    assert!(output(&mut world.miyabi(["tasks"])).status.success());
    assert_eq!(world.seen().issuer.given, given + 1);
    // What is good for an hour is not renewed.
    assert!(output(&mut world.run_script("true")).status.success());
    assert_eq!((world.seen().issuer.given, world.spools().len()), (given + 1, 0));
    // An API that refuses it all the same is shown a new one.
    world.seen().good = Some(BTreeSet::new());
    assert!(output(&mut world.miyabi(["tasks"])).status.success());
    assert_eq!(world.seen().issuer.given, given + 2);
    let out = output(&mut world.miyabi(["logout"]));
    assert!(out.status.success(), "{}", text(&out.stderr));
    assert_eq!(world.seen().issuer.revoked, [format!("refresh-{}", given + 2)]);
    assert!(!std::fs::read_to_string(file(&world)).unwrap().contains("access"));
    assert!(!output(&mut world.miyabi(["tasks"])).status.success());
}

#[test]
fn a_token_that_ends_in_a_long_run_is_renewed_and_a_sign_in_that_ended_is_said() {
    let world = asking("nothing");
    sign_in(&world, |_| {});
    let given = world.seen().issuer.given;
    // While the command runs, what it showed first stops being good.
    let stop = world.folder.path().join("stop");
    let mut run = world.run_script(&format!("until [ -e {} ]; do :; done", stop.display())).spawn().unwrap();
    crate::support::wait_until("the start", || {
        let seen = world.seen();
        if seen.events.is_empty() { Err(seen.event_requests) } else { Ok(()) }
    });
    world.seen().good = Some(BTreeSet::new());
    std::fs::write(&stop, "").unwrap();
    assert!(run.wait().unwrap().success());
    assert_eq!((world.seen().issuer.given, world.spools().len()), (given + 1, 0));
    // The issuer forgot this sign-in: a command that runs does not care, and others say what to do.
    world.seen().issuer.refresh_tokens.clear();
    world.seen().good = Some(BTreeSet::new());
    let ran = output(&mut world.run_script("exit 5"));
    assert_eq!((ran.status.code(), world.spools().len()), (Some(5), 1));
    let tasks = text(&output(&mut world.miyabi(["tasks"])).stderr);
    assert!(tasks.contains("invalid_grant") && tasks.contains("`miyabi login` signs in anew"), "{tasks}");
}

#[test]
fn where_the_browser_is_elsewhere_its_last_address_is_pasted() {
    use std::io::Write as _;
    let world = asking("nothing");
    let mut command = world.miyabi(["login", "--no-browser"]);
    let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let address = said.find_map(|line| Some(line.trim().strip_prefix("http")?.to_owned())).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let ended = runtime.block_on(async {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let answer = client.get(format!("http{address}")).send().await.unwrap();
        answer.headers()["location"].to_str().unwrap().to_owned()
    });
    writeln!(child.stdin.take().unwrap(), "what?\n{ended}").unwrap();
    let rest: Vec<_> = said.collect();
    assert!(child.wait().unwrap().success(), "{rest:?}");
    assert!(rest.iter().any(|line| line.contains("that is not it")), "{rest:?}");
    assert!(rest.iter().any(|line| line.contains("you are ann")), "{rest:?}");
}

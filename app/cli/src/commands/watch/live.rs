//! The loop of the screen: keys, news and signals in, frames out.

use std::io::{self, Read};
use std::process::ExitCode;
use std::time::Duration;

use miyabi_shared::Timestamp;
use rustix::process::{Signal, getpid, kill_process};
use signal_hook::consts::signal::{SIGHUP, SIGINT, SIGTERM, SIGWINCH};
use tokio::sync::{mpsc, watch};

use super::keyboard::{Key, Keyboard, keys};
use super::model::{Command, Model, News, Page};
use super::screen::Screen;
use super::{exit_code, poller, view};
use crate::arguments::WatchArguments;
use crate::commands::bar::Style;
use crate::commands::tasks;
use miyabi_client::{Client, chain};

/// How often durations and ages are drawn anew.
const TICK: Duration = Duration::from_millis(250);

/// What comes from this machine.
#[derive(Debug)]
enum Input {
    Keys(Vec<Key>),
    Signal(i32),
}

/// Shows the list or one task until it ends or someone leaves.
pub(super) async fn watch(
    client: &Client,
    arguments: &WatchArguments,
    style: Style,
) -> anyhow::Result<ExitCode> {
    let id = arguments.task_id.as_ref().map(ToString::to_string);
    let mut model = Model::new(id, tasks::query(&arguments.filter), arguments.filter.status);
    let (to_poller, wanted) = watch::channel(model.wanted());
    let (news_sender, mut news) = mpsc::channel(8);
    tokio::spawn(poller::poll(client.clone(), wanted, news_sender.clone()));

    // What is wrong from the beginning is said as any command says it, on the first screen.
    let Some(first) = news.recv().await else { return Ok(ExitCode::FAILURE) };
    model.news(first)?;
    let keyboard = Keyboard::take();
    let mut input = input(keyboard.is_some())?;
    let mut screen = Screen::open()?;
    let end = loop {
        if let Page::Task(_) = model.page
            && let (false, Some(detail)) = (model.has_list, &model.detail)
            && detail.task.status.is_terminal()
        {
            break exit_code(&detail.task);
        }
        to_poller.send_if_modified(|wanted| {
            let new = model.wanted();
            let changed = *wanted != new;
            *wanted = new;
            changed
        });
        let (columns, rows) = Screen::size();
        let frame = view::frame(&model, Timestamp::now(), style, keyboard.is_some(), columns, rows);
        screen.draw(frame)?;
        let pressed = tokio::select! {
            Some(one) = news.recv() => {
                model.news(one)?;
                Vec::new()
            }
            Some(one) = input.recv() => match one {
                Input::Keys(keys) => keys,
                Input::Signal(SIGWINCH) => {
                    screen.forget()?;
                    Vec::new()
                }
                Input::Signal(SIGINT) => vec![Key::Interrupt],
                Input::Signal(signal) => break ExitCode::from(u8::try_from(128 + signal).unwrap_or(1)),
            },
            () = tokio::time::sleep(TICK) => Vec::new(),
        };
        let mut left = None;
        for key in pressed {
            match model.key(key, Timestamp::now(), rows.saturating_sub(6).max(1)) {
                Command::Nothing => {}
                Command::Quit => left = Some(ExitCode::SUCCESS),
                Command::Interrupt => left = Some(ExitCode::from(130)),
                Command::Suspend => {
                    screen.leave();
                    if let Some(keyboard) = &keyboard {
                        keyboard.leave();
                    }
                    kill_process(getpid(), Signal::TSTP)?;
                    if let Some(keyboard) = &keyboard {
                        keyboard.enter();
                    }
                    screen.enter()?;
                }
                Command::Cancel(id) => cancel(client.clone(), id, news_sender.clone()),
            }
        }
        if let Some(left) = left {
            break left;
        }
    };
    screen.leave();
    drop(keyboard);
    // What was seen last stays on the first screen.
    for line in view::last(&model, Timestamp::now(), style, Screen::size().0) {
        println!("{line}");
    }
    Ok(end)
}

/// Keys and signals. Their threads end with the process: they wait in the middle of a read.
fn input(has_keyboard: bool) -> io::Result<mpsc::Receiver<Input>> {
    let (sender, receiver) = mpsc::channel(8);
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP, SIGWINCH])?;
    let of_signals = sender.clone();
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in signals.forever() {
            if of_signals.blocking_send(Input::Signal(signal)).is_err() {
                return;
            }
        }
    })?;
    if has_keyboard {
        std::thread::Builder::new().name("keys".to_owned()).spawn(move || {
            let mut buffer = [0; 256];
            loop {
                match io::stdin().read(&mut buffer) {
                    Ok(count @ 1..) => {
                        let pressed = keys(buffer.get(..count).unwrap_or_default());
                        if sender.blocking_send(Input::Keys(pressed)).is_err() {
                            return;
                        }
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Ok(_) | Err(_) => return,
                }
            }
        })?;
    }
    Ok(receiver)
}

/// Cancels a task, without making the screen wait.
fn cancel(client: Client, id: String, news: mpsc::Sender<News>) {
    tokio::spawn(async move {
        let answer = client.cancel(&id).await.map(Box::new).map_err(|error| chain(&error));
        let _ = news.send(News::Cancelled(answer)).await;
    });
}

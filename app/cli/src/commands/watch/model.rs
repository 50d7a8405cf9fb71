//! What is on the screen and what keys do to it; no terminal and no network.

use std::collections::VecDeque;
use std::time::Instant;

use miyabi_shared::{Task, TaskId, TaskStatus, Timestamp};

use super::keyboard::Key;
use miyabi_client::{ClientError, TaskDetail};

/// Lines of a log that are kept; `miyabi logs` gives all of them.
const LOG_LINES: usize = 5_000;

/// What the API is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Nothing more: what is shown is final.
    Nothing,
    /// Tasks, by this query.
    List(Vec<(&'static str, String)>),
    /// One task.
    Task(String),
    /// Its output.
    Log(String),
}

/// What the API said.
#[derive(Debug)]
pub(super) enum News {
    /// The tasks of the list.
    List(Vec<Task>),
    /// The task that is open.
    Task(Box<TaskDetail>),
    /// More of its output.
    Lines(Vec<String>),
    /// How a request to cancel went.
    Cancelled(Result<Box<Task>, String>),
    /// It answers again.
    Alive,
    /// It does not answer now.
    Trouble(String),
    /// It will not answer.
    Refused(ClientError),
}

/// What the screen shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Page {
    List,
    Task(String),
    Log(String),
}

/// The order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Newest,
    Status,
    Progress,
    Longest,
    Name,
}

impl Sort {
    const ALL: [Self; 5] = [Self::Newest, Self::Status, Self::Progress, Self::Longest, Self::Name];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Status => "status",
            Self::Progress => "progress",
            Self::Longest => "longest",
            Self::Name => "name",
        }
    }
}

/// What to do after a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command {
    Nothing,
    Quit,
    Interrupt,
    Suspend,
    Cancel(String),
}

/// Everything that the screen is made of.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) page: Page,
    /// Whether there is a list to go back to.
    pub(super) has_list: bool,
    query: Vec<(&'static str, String)>,
    tasks: Option<Vec<Task>>,
    pub(super) chosen: Option<TaskId>,
    pub(super) sort: Sort,
    pub(super) status: Option<TaskStatus>,
    /// Words that a task must have, and whether they are being typed.
    pub(super) search: String,
    pub(super) typing: bool,
    pub(super) detail: Option<TaskDetail>,
    pub(super) log: VecDeque<String>,
    pub(super) log_known: bool,
    /// Lines or steps that the view is scrolled up, or down, by.
    pub(super) scroll: usize,
    /// The task that is to be cancelled, if the next key is `y`.
    pub(super) question: Option<String>,
    pub(super) notice: Option<String>,
    /// What is wrong with the network, and since when.
    pub(super) trouble: Option<(String, Instant)>,
    pub(super) help: bool,
}

impl Model {
    pub(super) fn new(
        task: Option<String>,
        query: Vec<(&'static str, String)>,
        status: Option<TaskStatus>,
    ) -> Self {
        Self {
            has_list: task.is_none(),
            page: task.map_or(Page::List, Page::Task),
            query,
            tasks: None,
            chosen: None,
            sort: Sort::Newest,
            status,
            search: String::new(),
            typing: false,
            detail: None,
            log: VecDeque::new(),
            log_known: false,
            scroll: 0,
            question: None,
            notice: None,
            trouble: None,
            help: false,
        }
    }

    /// What the API shall be asked for now.
    pub(super) fn wanted(&self) -> Wanted {
        match &self.page {
            Page::Task(id) => match &self.detail {
                Some(detail) if detail.task.status.is_terminal() && !self.has_list => Wanted::Nothing,
                _ => Wanted::Task(id.clone()),
            },
            Page::Log(id) => Wanted::Log(id.clone()),
            Page::List => {
                let mut query: Vec<_> =
                    self.query.iter().filter(|(name, _)| *name != "status").cloned().collect();
                query.extend(self.status.map(|status| ("status", status.to_string())));
                // While words are typed they only choose among what is there.
                if !self.search.is_empty() && !self.typing {
                    query.retain(|(name, _)| *name != "q");
                    query.push(("q", self.search.clone()));
                }
                Wanted::List(query)
            }
        }
    }

    /// The tasks that are shown, in their order; `None` before the first answer.
    pub(super) fn shown(&self, now: Timestamp) -> Option<Vec<&Task>> {
        let words = self.search.to_lowercase();
        let agrees = |task: &&Task| {
            words.is_empty()
                || [task.name.as_str(), task.task_id.as_str(), task.project_id.as_str()]
                    .iter()
                    .any(|text| text.to_lowercase().contains(&words))
                || task
                    .labels
                    .iter()
                    .any(|(key, value)| format!("{key}={value}").to_lowercase().contains(&words))
        };
        let mut tasks: Vec<&Task> = self.tasks.as_ref()?.iter().filter(agrees).collect();
        let took = |task: &Task| {
            task.started_at.map(|started| task.finished_at.unwrap_or(now).since(started)).unwrap_or_default()
        };
        // Stable: what is equal stays newest first.
        match self.sort {
            Sort::Newest => {}
            Sort::Status => tasks.sort_by_key(|task| match task.status {
                _ if task.is_stalled(now) => 0,
                TaskStatus::Failed => 1,
                TaskStatus::Running => 2,
                TaskStatus::Queued => 3,
                TaskStatus::Cancelled => 4,
                TaskStatus::Succeeded => 5,
            }),
            Sort::Progress => tasks
                .sort_by_key(|task| (task.status.is_terminal(), std::cmp::Reverse(task.progress.percentage))),
            Sort::Longest => tasks.sort_by_key(|task| std::cmp::Reverse(took(task))),
            Sort::Name => tasks.sort_by(|one, other| one.name.cmp(&other.name)),
        }
        Some(tasks)
    }

    /// Where the chosen task is among those that are shown.
    pub(super) fn chosen_row(&self, shown: &[&Task]) -> usize {
        shown.iter().position(|task| Some(&task.task_id) == self.chosen.as_ref()).unwrap_or(0)
    }

    /// Takes what the API said.
    pub(super) fn news(&mut self, news: News) -> Result<(), ClientError> {
        match news {
            News::Trouble(text) => {
                let since = self.trouble.take().map_or_else(Instant::now, |(_, since)| since);
                self.trouble = Some((text, since));
                return Ok(());
            }
            // A list is never refused for good by a search that the API does not take.
            News::Refused(error) if self.has_list && (self.page != Page::List || self.tasks.is_some()) => {
                self.notice = Some(miyabi_client::chain(&error));
                self.page = Page::List;
                self.search.clear();
                return Ok(());
            }
            News::Refused(error) => return Err(error),
            News::Cancelled(Ok(task)) => self.notice = Some(format!("{} is cancelled", task.name)),
            News::Cancelled(Err(why)) => self.notice = Some(why),
            News::List(tasks) => self.tasks = Some(tasks),
            News::Task(detail) => {
                if self.page == Page::Task(detail.task.task_id.to_string()) {
                    self.detail = Some(*detail);
                }
            }
            News::Lines(lines) => {
                self.log_known = true;
                if self.scroll > 0 {
                    self.scroll += lines.len();
                }
                self.log.extend(lines);
                while self.log.len() > LOG_LINES {
                    self.log.pop_front();
                }
            }
            News::Alive => {}
        }
        self.trouble = None;
        Ok(())
    }

    /// What a key does. `page` is how many rows there are to scroll by.
    pub(super) fn key(&mut self, key: Key, now: Timestamp, rows: usize) -> Command {
        match key {
            Key::Interrupt => return Command::Interrupt,
            Key::Suspend => return Command::Suspend,
            _ => {}
        }
        self.notice = None;
        if std::mem::take(&mut self.help) {
            return Command::Nothing;
        }
        if let Some(id) = self.question.take() {
            if key == Key::Char('y') {
                return Command::Cancel(id);
            }
            self.notice = Some("nothing was cancelled".to_owned());
            return Command::Nothing;
        }
        if self.typing {
            self.type_key(key);
            return Command::Nothing;
        }
        match key {
            Key::Char('q') => return Command::Quit,
            Key::Char('?' | 'h') => self.help = true,
            Key::Char('c') => self.ask_to_cancel(now),
            Key::Char('l') => self.open_log(now),
            Key::Escape | Key::Backspace => self.back(),
            Key::Up | Key::Char('k') => self.scroll_by(now, -1),
            Key::Down | Key::Char('j') => self.scroll_by(now, 1),
            Key::PageUp => self.scroll_by(now, -(rows as isize)),
            Key::PageDown | Key::Char(' ') => self.scroll_by(now, rows as isize),
            Key::Home | Key::Char('g') => self.scroll_by(now, isize::MIN / 2),
            Key::End | Key::Char('G') => self.scroll_by(now, isize::MAX / 2),
            _ if self.page == Page::List => self.list_key(key, now),
            _ => {}
        }
        Command::Nothing
    }

    fn type_key(&mut self, key: Key) {
        match key {
            Key::Char(c) if self.search.chars().count() < 100 => self.search.push(c),
            Key::Backspace => {
                self.search.pop();
            }
            Key::Enter => self.typing = false,
            Key::Escape => {
                self.typing = false;
                self.search.clear();
            }
            _ => {}
        }
        self.chosen = None;
    }

    fn list_key(&mut self, key: Key, now: Timestamp) {
        match key {
            Key::Char('/') => self.typing = true,
            Key::Char('f') => {
                let next = match self.status {
                    None => Some(0),
                    Some(status) => TaskStatus::ALL.iter().position(|one| *one == status).map(|at| at + 1),
                };
                self.status = next.and_then(|at| TaskStatus::ALL.get(at).copied());
                self.chosen = None;
            }
            Key::Char('s') => {
                let at = Sort::ALL.iter().position(|sort| *sort == self.sort).unwrap_or(0);
                self.sort = Sort::ALL.get(at + 1).copied().unwrap_or(Sort::Newest);
            }
            Key::Enter => {
                if let Some(task) = self.chosen_task(now) {
                    let (id, detail) =
                        (task.task_id.to_string(), TaskDetail { task: task.clone(), steps: Vec::new() });
                    self.chosen = Some(task.task_id.clone());
                    self.detail = Some(detail);
                    self.page = Page::Task(id);
                    self.scroll = 0;
                }
            }
            _ => {}
        }
    }

    /// The task that keys are about.
    fn chosen_task(&self, now: Timestamp) -> Option<&Task> {
        match &self.page {
            Page::List => {
                let shown = self.shown(now)?;
                shown.get(self.chosen_row(&shown)).copied()
            }
            Page::Task(_) | Page::Log(_) => self.detail.as_ref().map(|detail| &detail.task),
        }
    }

    fn ask_to_cancel(&mut self, now: Timestamp) {
        let Some(task) = self.chosen_task(now) else { return };
        let (id, status) = (task.task_id.clone(), task.status);
        if status.is_terminal() {
            self.notice = Some(format!("it has {status} already"));
        } else {
            self.question = Some(id.to_string());
            self.chosen = Some(id);
        }
    }

    fn open_log(&mut self, now: Timestamp) {
        if matches!(self.page, Page::Log(_)) {
            return self.back();
        }
        let Some(task) = self.chosen_task(now) else { return };
        let (id, detail) = (task.task_id.clone(), TaskDetail { task: task.clone(), steps: Vec::new() });
        if self.page == Page::List {
            self.detail = Some(detail);
        }
        self.chosen = Some(id.clone());
        self.page = Page::Log(id.to_string());
        self.log.clear();
        self.log_known = false;
        self.scroll = 0;
    }

    fn back(&mut self) {
        self.scroll = 0;
        match &self.page {
            Page::Log(id) => self.page = Page::Task(id.clone()),
            Page::Task(_) if self.has_list => self.page = Page::List,
            Page::Task(_) => {}
            Page::List => {
                self.search.clear();
                self.status = None;
            }
        }
    }

    fn scroll_by(&mut self, now: Timestamp, by: isize) {
        match &self.page {
            Page::List => {
                let Some(shown) = self.shown(now) else { return };
                let row =
                    self.chosen_row(&shown).saturating_add_signed(by).min(shown.len().saturating_sub(1));
                self.chosen = shown.get(row).map(|task| task.task_id.clone());
            }
            // A log is scrolled from its end, steps from their beginning.
            Page::Log(_) => {
                self.scroll = self.scroll.saturating_add_signed(-by).min(self.log.len().saturating_sub(1));
            }
            Page::Task(_) => {
                let steps = self.detail.as_ref().map_or(0, |detail| detail.steps.len());
                self.scroll = self.scroll.saturating_add_signed(-by).min(steps.saturating_sub(1));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-22T04:31:06Z".parse().unwrap()
    }

    fn task(id: &str, name: &str, status: TaskStatus, percentage: u8) -> Task {
        let mut task = super::super::bar::tests::task(Some(percentage));
        task.task_id = TaskId::new(id).unwrap();
        task.name = name.to_owned();
        task.status = status;
        task.progress.percentage = Some(percentage);
        task
    }

    fn model() -> Model {
        let mut model = Model::new(None, vec![("limit", "20".to_owned())], None);
        model
            .news(News::List(vec![
                task("c", "deploy web", TaskStatus::Running, 20),
                task("b", "build", TaskStatus::Failed, 60),
                task("a", "deploy api", TaskStatus::Running, 90),
            ]))
            .unwrap();
        model
    }

    fn press(model: &mut Model, keys: &str) -> Command {
        keys.chars()
            .map(|key| model.key(if key == '\r' { Key::Enter } else { Key::Char(key) }, now(), 10))
            .last()
            .unwrap()
    }

    fn names(model: &Model) -> Vec<&str> {
        model.shown(now()).unwrap().iter().map(|task| task.task_id.as_str()).collect()
    }

    #[test]
    fn the_list_is_sorted_and_searched_and_the_choice_stays_with_its_task() {
        let mut model = model();
        assert_eq!(names(&model), ["c", "b", "a"]);
        press(&mut model, "j");
        assert_eq!(model.chosen.as_ref().unwrap().as_str(), "b");
        press(&mut model, "s");
        assert_eq!((model.sort, names(&model)), (Sort::Status, vec!["b", "c", "a"]));
        assert_eq!(model.chosen_row(&model.shown(now()).unwrap()), 0, "the choice moved along");
        press(&mut model, "s");
        assert_eq!((model.sort, names(&model)), (Sort::Progress, vec!["a", "c", "b"]));
        press(&mut model, "/deploy");
        assert_eq!((model.typing, names(&model)), (true, vec!["a", "c"]));
        assert_eq!(model.wanted(), Wanted::List(vec![("limit", "20".to_owned())]), "still typing");
        press(&mut model, "\r");
        let Wanted::List(query) = model.wanted() else { panic!("{:?}", model.wanted()) };
        assert!(query.contains(&("q", "deploy".to_owned())), "{query:?}");
        model.key(Key::Escape, now(), 10);
        assert_eq!(names(&model).len(), 3);
        press(&mut model, "f");
        let Wanted::List(query) = model.wanted() else { panic!("{:?}", model.wanted()) };
        assert!(query.contains(&("status", "queued".to_owned())), "{query:?}");
    }

    #[test]
    fn a_task_is_opened_followed_and_left() {
        let mut model = model();
        press(&mut model, "j\r");
        assert_eq!(
            (&model.page, model.wanted()),
            (&Page::Task("b".to_owned()), Wanted::Task("b".to_owned()))
        );
        press(&mut model, "l");
        assert_eq!(model.wanted(), Wanted::Log("b".to_owned()));
        let lines = |from: usize| (from..from + 10).map(|number| number.to_string()).collect();
        model.news(News::Lines(lines(0))).unwrap();
        press(&mut model, "kk");
        model.news(News::Lines(lines(10))).unwrap();
        assert_eq!(model.scroll, 12, "who reads up there is not disturbed by new lines");
        model.key(Key::Escape, now(), 10);
        model.key(Key::Escape, now(), 10);
        assert_eq!(model.page, Page::List);
        assert_eq!(press(&mut model, "q"), Command::Quit);
    }

    #[test]
    fn a_task_is_cancelled_only_after_a_yes() {
        let mut model = model();
        assert_eq!(press(&mut model, "cn"), Command::Nothing);
        assert_eq!(model.notice.as_deref(), Some("nothing was cancelled"));
        assert_eq!(press(&mut model, "cy"), Command::Cancel("c".to_owned()));
        press(&mut model, "jc");
        assert_eq!((model.question.as_ref(), model.notice.as_deref()), (None, Some("it has failed already")));
    }

    #[test]
    fn a_network_that_is_gone_is_told_until_it_is_back_and_what_was_seen_stays() {
        let mut model = model();
        model.news(News::Trouble("gone".to_owned())).unwrap();
        let since = model.trouble.as_ref().unwrap().1;
        model.news(News::Trouble("still gone".to_owned())).unwrap();
        assert_eq!(model.trouble, Some(("still gone".to_owned(), since)));
        assert_eq!(names(&model).len(), 3);
        model.news(News::Alive).unwrap();
        assert_eq!(model.trouble, None);
    }

    #[test]
    fn a_task_that_was_asked_for_by_name_and_has_ended_is_asked_for_no_more() {
        let mut model = Model::new(Some("a".to_owned()), Vec::new(), None);
        assert_eq!(model.wanted(), Wanted::Task("a".to_owned()));
        let detail = TaskDetail { task: task("a", "x", TaskStatus::Succeeded, 100), steps: Vec::new() };
        model.news(News::Task(Box::new(detail))).unwrap();
        assert_eq!(model.wanted(), Wanted::Nothing);
    }
}

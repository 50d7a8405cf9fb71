//! A caller that is known.

use std::collections::BTreeSet;

use miyabi_shared::credential::{CallerKind, Identity};
use miyabi_shared::scope::Scope;
use miyabi_shared::{ProjectId, TaskId};

use crate::error::ApiError;

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) kind: CallerKind,
    /// For people and logs.
    pub(crate) name: String,
    /// What it may do.
    pub(crate) scope: Option<Scope>,
    /// The projects that it is held to; `None` is every project.
    pub(crate) projects: Option<BTreeSet<ProjectId>>,
    /// The one task that it may look at.
    pub(crate) task_id: Option<TaskId>,
}

impl Caller {
    /// Whoever may do everything.
    pub(crate) fn administrator(kind: CallerKind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into(), scope: Some(Scope::Admin), projects: None, task_id: None }
    }

    /// Whether it may see a project's tasks.
    pub(crate) fn sees(&self, project_id: &ProjectId) -> bool {
        self.projects.as_ref().is_none_or(|projects| projects.contains(project_id))
    }

    /// Refuses what would be put into a project that the caller is not in.
    pub(crate) fn may_write_to(&self, project_id: &ProjectId) -> Result<(), ApiError> {
        if self.sees(project_id) { Ok(()) } else { Err(ApiError::OtherProject(project_id.clone())) }
    }

    /// Refuses who lacks a scope.
    pub(crate) fn holds(&self, scope: Scope) -> Result<(), ApiError> {
        if self.scope >= Some(scope) { Ok(()) } else { Err(ApiError::Forbidden(scope)) }
    }

    /// Refuses who is held to some projects.
    pub(crate) fn is_of_every_project(&self) -> Result<(), ApiError> {
        if self.projects.is_none() { Ok(()) } else { Err(ApiError::Forbidden(Scope::Admin)) }
    }

    pub(crate) fn identity(&self) -> Identity {
        Identity {
            kind: self.kind,
            name: self.name.clone(),
            scope: self.scope,
            projects: self.projects.clone().map(|projects| projects.into_iter().collect()),
            task_id: self.task_id.clone(),
        }
    }
}

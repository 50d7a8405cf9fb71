//! The log groups that jobs write to. A log stream's name is the task's identifier.

use crate::id::TaskType;

/// The label of a task that names its log stream, where that is not the task's identifier: a stream's name may hold what
/// an identifier may not.
pub const STREAM_LABEL: &str = "log_stream";

/// A log group whose lines become progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogGroup {
    /// Deployments.
    CdkDeploy,
    /// Agents at work.
    Agents,
    /// Everything else.
    System,
}

impl LogGroup {
    /// Every log group.
    pub const ALL: [Self; 3] = [Self::CdkDeploy, Self::Agents, Self::System];

    /// The log group's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CdkDeploy => "/miyabi/cdk-deploy",
            Self::Agents => "/miyabi/agents",
            Self::System => "/miyabi/system",
        }
    }

    /// The group of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.name() == name)
    }

    /// The type of a task that is known from its lines alone.
    pub const fn task_type(self) -> &'static str {
        match self {
            Self::CdkDeploy => TaskType::CDK_DEPLOY,
            Self::Agents => TaskType::AGENT,
            Self::System => TaskType::COMMAND,
        }
    }

    /// Where a task of that type writes its lines.
    pub fn for_task_type(task_type: &TaskType) -> Self {
        match task_type.as_str() {
            TaskType::CDK_DEPLOY => Self::CdkDeploy,
            TaskType::AGENT => Self::Agents,
            _ => Self::System,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_found_by_its_name() {
        for group in LogGroup::ALL {
            assert_eq!(LogGroup::from_name(group.name()), Some(group));
        }
        assert_eq!(LogGroup::from_name("/other"), None);
    }
}

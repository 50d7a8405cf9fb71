//! Keys of the stack's outputs: what an operator, the page's upload and the local cloud read after a deployment.

/// The identifier of the REST API.
pub const API_ID: &str = "apiId";
/// The name of the REST API's stage.
pub const API_STAGE: &str = "apiStage";
/// The address of the REST API in AWS.
pub const API_URL: &str = "apiUrl";
/// The identifier of the socket.
pub const SOCKET_ID: &str = "socketId";
/// The name of the socket's stage.
pub const SOCKET_STAGE: &str = "socketStage";
/// The name of the dashboard's bucket.
pub const DASHBOARD_BUCKET: &str = "dashboardBucket";
/// Where people find the page.
pub const PAGE_URL: &str = "pageUrl";
/// The identifier of the network in front of the page.
pub const DISTRIBUTION_ID: &str = "distributionId";
/// The user pool that gives callers their tokens.
pub const USER_POOL_ID: &str = "userPoolId";
/// The client by which programs get a token.
pub const MACHINE_CLIENT_ID: &str = "machineClientId";
/// The client by which people sign in to the page.
pub const PAGE_CLIENT_ID: &str = "pageClientId";
/// The address of the dashboard of alarms and metrics, in the console.
pub const ALARM_DASHBOARD: &str = "alarmDashboard";
/// The topic that alarms are sent to.
pub const ALARM_TOPIC: &str = "alarmTopic";
/// The name of the table of tasks.
pub const TASKS_TABLE: &str = "tasksTable";
/// The name of the table of projects.
pub const PROJECTS_TABLE: &str = "projectsTable";
/// The newest version of the function that answers the API.
pub const TASK_API_VERSION: &str = "taskApiVersion";
/// The newest version of the function that reads logs.
pub const PROGRESS_COLLECTOR_VERSION: &str = "progressCollectorVersion";
/// The address of the cache's primary node.
pub const CACHE_ADDRESS: &str = "cacheAddress";
/// The identifier of the network.
pub const NETWORK_ID: &str = "networkId";

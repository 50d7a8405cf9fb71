//! What is out.

use lambda_runtime::Diagnostic;

use crate::cloud::{Cloud, aws_at};
use crate::logs::{CDK, World, payload};

#[tokio::test]
async fn without_its_tables_the_collector_asks_to_be_called_again_and_then_loses_nothing() {
    let world = World::start().await;
    let mut cloud = Cloud::start().await;
    cloud.aws = aws_at("http://127.0.0.1:1").await;
    let blind = World::on(cloud);
    let lines = payload(CDK, "t1", 0, &["Demo | 2/4 | 1:29:49 AM | CREATE_COMPLETE | AWS::SQS::Queue | Q"]);
    let error = blind.collector.handle(&lines).await.unwrap_err();
    let diagnostic = Diagnostic::from(error);
    assert_eq!(diagnostic.error_type, "StoreUnavailable");
    assert!(diagnostic.error_message.contains("t1: "), "{}", diagnostic.error_message);
    world.send(&lines).await;
    assert_eq!(world.task("t1").await.unwrap().progress.percentage, Some(50));
}

#[tokio::test]
async fn what_the_tables_refuse_for_good_is_counted_and_not_asked_for_again() {
    let mut cloud = Cloud::start().await;
    cloud.store.tasks_table = "no-such-table".to_owned();
    let world = World::on(cloud);
    let counts = world.lines("t1", 0, &["1/4 files", "2/4 files"]).await;
    assert_eq!(counts.refused, 2);
    assert_eq!(world.metric("EventsRefused"), 2.0);
}

#[tokio::test]
async fn without_its_cache_the_collector_works() {
    let mut world = World::start().await;
    world.cloud.redis.kill().await.unwrap();
    world.lines("t1", 0, &["Demo | 2/4 | 1:29:49 AM | CREATE_COMPLETE | AWS::SQS::Queue | Q"]).await;
    assert_eq!(world.task("t1").await.unwrap().progress.percentage, Some(50));
}

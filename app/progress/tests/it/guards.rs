//! Numbers in a log that are no progress, and those of unknown tools that are.

use miyabi_progress::{Change, Format, Parser};
use miyabi_shared::timestamp::Timestamp;

/// The last count, and what it was read from.
fn read(format: Format, text: &str) -> Option<(u64, Option<u64>, String)> {
    let mut last = None;
    let mut parser = Parser::new(format);
    let at = Timestamp::from_millis(0);
    let mut sink = |change: Change| {
        if let Change::Progress(progress) = change
            && let Some(current) = progress.current
        {
            last = Some((current, progress.total, progress.source.unwrap_or_default()));
        }
    };
    parser.push(text.as_bytes(), at, &mut sink);
    parser.finish(at, &mut sink);
    last
}

#[test]
fn dates_versions_fractions_paths_and_loads_are_no_progress() {
    for line in [
        "add 3/4 cup of sugar",
        "1/29/2026 12:00:00 started",
        "on 1/29 we ship",
        "GET /api/v1/2 HTTP/1.1 200",
        "upgraded to 1.2/1.3",
        "open 24/7",
        "reading /data/2024/12/31.csv",
        "node v20.11.1, npm 10/11",
        "CPU 95%, memory 40%",
        "coverage: 87% of statements",
        "disk is 91% full",
        "TOTAL      100     10    90%",
        "100% tests passed, 0 tests failed out of 12",
        "retry 2/5 after timeout",
        "attempt 1 of 3 failed",
        "pod/web-1 ready 1/1",
        "battery at 80%",
        "save 20% off today",
        "a 16/9 picture",
        "the ratio is 1/3",
        "5 of 4 dentists",
        "[11/22] 12:00:01 request served",
        "rate limit: 40/100 used",
        "10.0.0.1/24 is up",
        "error in file.rs:10/20:3",
        "progress: 5/0",
    ] {
        assert_eq!(read(Format::Auto, &format!("{line}\n")), None, "{line}");
        // A line that comes again and again with the same number says as little.
        assert_eq!(read(Format::Auto, &format!("{line}\n{line}\n{line}\n")), None, "{line}, three times");
    }
}

#[test]
fn numbers_that_say_what_they_are_count_at_once() {
    for (line, current, total) in [
        ("Processing file 3/12: a.csv", 3, 12),
        ("step 3 of 12", 3, 12),
        ("(3/12) migrating", 3, 12),
        ("Copied 3/12 files", 3, 12),
        ("worker | 3/12 | busy", 3, 12),
        ("Uploading: 3 of 12 parts", 3, 12),
        ("Progress: 25%", 25, 100),
        ("25% complete", 25, 100),
        ("downloading 25.4% [=====>      ]", 25, 100),
        ("[####      ] 25.5%", 26, 100),
        ("\r10%\r25%\r26%", 26, 100),
    ] {
        let (found, all, _) =
            read(Format::Auto, &format!("{line}\n")).unwrap_or_else(|| panic!("nothing in {line}"));
        assert_eq!((found, all), (current, Some(total)), "{line}");
    }
}

#[test]
fn a_number_that_says_nothing_counts_once_the_same_line_comes_again_and_again_with_more() {
    let sheep =
        |numbers: &[&str]| numbers.iter().map(|number| format!("sheep {number}\n")).collect::<String>();
    assert_eq!(read(Format::Auto, &sheep(&["3/12", "4/12"])), None, "twice may be chance");
    let three = Some((6, Some(12), "count".to_owned()));
    assert_eq!(read(Format::Auto, &sheep(&["3/12", "4/12", "6/12"])), three);
    assert_eq!(read(Format::Auto, &sheep(&["3/12", "3/12", "4/12", "4/12", "6/12"])), three, "repeated");
    assert_eq!(read(Format::Auto, &sheep(&["3/12", "4/12", "5/13"])), None, "another total");
    assert_eq!(read(Format::Auto, "sheep 3/12\nsheep 4/12\ngoats 5/12\n"), None, "another line");
    assert_eq!(read(Format::Auto, &sheep(&["5/12", "4/12", "6/12"])), None, "falling");
    assert_eq!(read(Format::Auto, &sheep(&["1%", "2%", "3%", "4%"])), None, "percentages need more");
    assert_eq!(
        read(Format::Auto, &sheep(&["1%", "2%", "3%", "4%", "5%"])),
        Some((5, Some(100), "percent".to_owned()))
    );
    assert_eq!(read(Format::Count, "sheep 3/12\n"), Some((3, Some(12), "count".to_owned())), "asked for");
}

#[test]
fn an_inner_loop_does_not_take_over_the_outer_ones_bar() {
    let mut text = String::from("Epoch 1/3\n");
    for batch in 1..=40 {
        text.push_str(&format!("batch {batch}/40\n"));
    }
    assert_eq!(read(Format::Auto, &text), Some((1, Some(3), "count".to_owned())));
    assert_eq!(read(Format::Auto, &format!("{text}Epoch 2/3\n")), Some((2, Some(3), "count".to_owned())));
}

#[test]
fn what_the_job_prints_on_purpose_outranks_what_a_tool_prints() {
    let cdk = "Demo | 3/7 | 1:33:58 AM | CREATE_COMPLETE | AWS::SQS::Queue | Q1 (Q1276D0889)\n";
    let text = format!("##miyabi[progress 1/4]\n{cdk}\x1b]9;4;1;80\x07[9/10] Building x\n");
    assert_eq!(read(Format::Auto, &text), Some((1, Some(4), "line".to_owned())));
    assert_eq!(
        read(Format::Auto, &format!("{cdk}\x1b]9;4;1;80\x07")),
        Some((3, Some(7), "cdk-text".to_owned()))
    );
    assert_eq!(read(Format::Auto, "\x1b]9;4;1;80\x07file 1/2\n"), Some((80, Some(100), "osc".to_owned())));
    assert_eq!(
        read(Format::Auto, "##vso[task.setprogress value=52;]Sample\n"),
        Some((52, Some(100), "line".to_owned()))
    );
    assert_eq!(read(Format::Auto, "##miyabi[progress nonsense=]\n##miyabi[progress current=9\n"), None);
}

#[test]
fn a_format_that_is_asked_for_is_the_only_one_read() {
    assert_eq!(read(Format::Ninja, "file 1/2\n"), None);
    assert_eq!(read(Format::Plain, "file 1/2\n"), None);
    assert_eq!(read(Format::Percent, "x 1/2 50%\n"), Some((50, Some(100), "percent".to_owned())));
    assert_eq!(read(Format::CdkText, "[1/2] x\n"), None);
}

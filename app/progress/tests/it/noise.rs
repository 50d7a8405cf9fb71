//! Ordinary outputs with numbers that look like progress and are none: not one may give a number.
//!
//! Each is as a tool prints it, with what rises in it rising, because that is what could be taken for progress.

use miyabi_progress::{Change, Format, Parser};
use miyabi_shared::timestamp::Timestamp;

/// What prints it, and what it prints.
const NOISE: &[(&str, &str)] = &[
    (
        "ping",
        "64 bytes from 10.0.0.1: icmp_seq=1 ttl=64 time=0.031 ms\n64 bytes from 10.0.0.1: icmp_seq=2 ttl=64 time=0.040 ms\n\n--- 10.0.0.1 ping statistics ---\n2 packets transmitted, 2 received, 0% packet loss, time 1001ms\nrtt min/avg/max/mdev = 0.031/0.035/0.040/0.004 ms\n",
    ),
    (
        "df",
        "Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda1       100G   42G   58G  42% /\n/dev/sdb1       200G  130G   70G  65% /data\n",
    ),
    (
        "kubectl get pods",
        "NAME    READY   STATUS    RESTARTS   AGE\nweb-0   1/1     Running   0          3m\nweb-1   2/3     Running   0          2m\nweb-2   3/3     Running   0          1m\n",
    ),
    (
        "kubectl rollout, one line",
        "Waiting for deployment \"web\" rollout: ready replicas 1/3\nWaiting for deployment \"web\" rollout: ready replicas 2/3\n",
    ),
    (
        "nginx access log",
        "127.0.0.1 - - [10/Oct/2026:13:55:36 +0000] \"GET /a/1/2 HTTP/1.1\" 200 2326\n127.0.0.1 - - [10/Oct/2026:13:55:37 +0000] \"GET /a/2/2 HTTP/1.1\" 200 2326\n",
    ),
    (
        "syslog with days",
        "2026/11/27 10:00:00 [notice] 12/34: worker started\n2026/11/28 10:00:00 [notice] 13/34: worker started\n",
    ),
    ("american dates", "1/27/2026 backup begins\n1/28/2026 backup begins\n1/29/2026 backup begins\n"),
    ("short dates", "11/27 10:00 all quiet\n11/28 10:00 all quiet\n11/29 10:00 all quiet\n"),
    ("short dates in brackets", "[11/27 10:00:00] served\n[11/28 10:00:00] served\n"),
    ("short dates in brackets alone", "[11/27] served\n[11/28] served\n[11/29] served\n"),
    ("recipes", "add 1/4 cup of sugar\nadd 2/4 cup of sugar\nadd 3/4 cup of sugar\n"),
    (
        "coverage.py",
        "Name      Stmts   Miss  Cover\n-----------------------------\na.py         10      5    50%\nb.py         20      5    75%\n-----------------------------\nTOTAL        30     10    67%\n",
    ),
    (
        "jest coverage",
        "----------|---------|----------|---------|---------|\nFile      | % Stmts | % Branch | % Funcs | % Lines |\n----------|---------|----------|---------|---------|\nAll files |   83.33 |       50 |     100 |   83.33 |\n",
    ),
    ("codecov", "Found 12 coverage files\ncoverage: 71% of statements\ncoverage: 82% of statements\n"),
    (
        "top",
        "%Cpu(s):  1.0 us,  0.3 sy,  0.0 ni, 98.7 id\n%Cpu(s): 12.0 us,  3.3 sy,  0.0 ni, 84.7 id\nMiB Mem :  15953.3 total, 42.1% used\n",
    ),
    ("load", "load average: 0.12/0.40/0.50 2/345 12345\nload average: 0.14/0.40/0.50 3/345 12346\n"),
    ("uptime of a battery", "battery 51%\nbattery 52%\nbattery 53%\n"),
    (
        "retries",
        "attempt 1/5 failed: connection refused\nattempt 2/5 failed: connection refused\nattempt 3/5 failed: connection refused\n",
    ),
    ("retries in words", "retrying (1 of 5)\nretrying (2 of 5)\n"),
    ("retries in brackets", "request failed, retrying [1/3]\nrequest failed, retrying [2/3]\n"),
    ("npm retry", "npm http fetch GET 200 https://registry.example.com/a/-/a-1.2.3.tgz attempt #1 31ms\n"),
    (
        "git log",
        "commit 1/abc\nMerge branch 'feature/12/34' into main\nMerge branch 'feature/13/34' into main\n",
    ),
    (
        "git diff --stat",
        " src/a.rs | 12 ++++++------\n src/b.rs |  4 ++--\n 2 files changed, 9 insertions(+), 7 deletions(-)\nsimilarity index 97%\nrename from a\n",
    ),
    (
        "rsync summary",
        "sent 1,234 bytes  received 35 bytes  846.00 bytes/sec\ntotal size is 1,024  speedup is 0.81\n",
    ),
    (
        "compression",
        "adding: a.txt (deflated 61%)\nadding: b.txt (deflated 72%)\nadding: c.txt (deflated 83%)\n",
    ),
    ("gzip -v", "a.txt:\t 61.1% -- replaced with a.txt.gz\nb.txt:\t 72.4% -- replaced with b.txt.gz\n"),
    ("aspect ratios", "video 1920x1080, 16/9\nvideo 640x480, 4/3\n"),
    ("versions", "upgrading libc6 2.31/2.35\nupgrading node 18/20\nupgrading node 19/20\n"),
    ("a subnet", "10.0.0.1/24 is up\n10.0.0.2/24 is up\n"),
    ("ports", "Discovered open port 22/tcp on 10.0.0.1\nDiscovered open port 80/tcp on 10.0.0.1\n"),
    (
        "interfaces of a switch",
        "GigabitEthernet0/1 is up\nGigabitEthernet0/2 is up\nGigabitEthernet1/2 is up\n",
    ),
    ("git objects by path", "writing .git/objects/12/34abcd\nwriting .git/objects/13/34abcd\n"),
    ("rust panics", "thread 'main' panicked at src/main.rs:10/20:3\nnote: run with `RUST_BACKTRACE=1`\n"),
    ("a ratio", "the hit ratio is 1/3\nthe hit ratio is 2/3\n"),
    ("cache hits", "cache hit 40%\ncache hit 50%\ncache hit 60%\n"),
    ("accuracy", "accuracy: 81%\naccuracy: 85%\naccuracy: 90%\n"),
    ("a discount", "save 10% off today\nsave 20% off today\n"),
    ("interest", "growth 3% in 2024\ngrowth 4% in 2025\n"),
    ("quota", "rate limit: 38/100 used\nrate limit: 39/100 used\nrate limit: 40/100 used\n"),
    ("disk quota", "quota 41% of 10 GB\nquota 42% of 10 GB\n"),
    ("memory", "heap 120/512 MB\nheap 130/512 MB\nheap 140/512 MB\n"),
    ("a JVM's heap", "[GC pause (young) 24M->12M(512M), 0.004 s]\nMemory: 51% used\nMemory: 52% used\n"),
    ("open around the clock", "open 24/7\nopen 24/7\n"),
    ("a URL's encoding", "GET /search?q=50%25 done\nGET /search?q=60%25 done\n"),
    ("printf formats", "printf(\"%d%% of %d\\n\")\nwarning: format '%s' expects a string\n"),
    ("css", "width: 50%;\nwidth: 60%;\nwidth: 70%;\n"),
    ("fractions of seconds", "elapsed 1/60 s\nelapsed 2/60 s\nelapsed 3/60 s\n"),
    ("timezones", "2026-11-28T10:00:00+01:00 tick\n2026-11-28T10:00:01+01:00 tick\n"),
    ("page faults", "PAGEFAULTS 0/12 minor/major\n"),
    ("vote", "3 of 5 dentists recommend it\n"),
    ("more than all", "7/5 replicas\nprogress: 5/0\n"),
    ("verdict", "100% tests passed, 0 tests failed out of 12\n"),
    ("a summary of results", "Results: 3/5 healthy\nResults: 4/5 healthy\n"),
    ("latency", "p50 12/34 ms latency\np50 13/34 ms latency\n"),
    ("probability", "probability 10%\nprobability 20%\n"),
    ("a chess score", "score 1/2\nscore 2/2\n"),
    ("a log of an editor", "\"src/lib.rs\" 12L, 340B written\n"),
    ("humidity of a sensor", "humidity 41% temperature 20.1\nhumidity 42% temperature 20.2\n"),
    ("a volume", "volume 40%\nvolume 50%\n"),
    ("ulimit", "open files 12/1024 fds used\nopen files 13/1024 fds used\n"),
];

#[test]
fn ordinary_outputs_that_are_no_progress_give_no_number() {
    assert!(NOISE.len() >= 50);
    let mut wrong = Vec::new();
    for (what, text) in NOISE {
        // Once as it is, and once under a log's own prefix.
        let prefixed: String = text
            .lines()
            .zip(0..)
            .map(|(line, second)| format!("2026-11-28T10:00:{second:02}.123Z INFO worker: {line}\n"))
            .collect();
        for text in [(*text).to_owned(), prefixed] {
            let mut parser = Parser::new(Format::Auto);
            let mut sink = |change: Change| {
                if let Change::Progress(progress) = change
                    && progress.current.is_some()
                {
                    wrong.push(format!(
                        "{what}: {:?}/{:?} of {:?}",
                        progress.current, progress.total, progress.message
                    ));
                }
            };
            parser.push(text.as_bytes(), Timestamp::from_millis(0), &mut sink);
            parser.finish(Timestamp::from_millis(0), &mut sink);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

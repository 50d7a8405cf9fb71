//! What queueing theory says of jobs that come by chance, take a time by chance, and share a fixed number of workers (M/M/c).

/// The chance that a job has to wait (Erlang's C formula), for an offered load in workers; 1 where the workers are too few.
pub fn chance_to_wait(offered: f64, workers: u32) -> f64 {
    if offered >= f64::from(workers) {
        return 1.0;
    }
    // Erlang's B by its recursion, which cannot overflow; C follows from it.
    let mut blocked = 1.0;
    for count in 1..=workers {
        blocked = offered * blocked / (f64::from(count) + offered * blocked);
    }
    let utilization = offered / f64::from(workers);
    blocked / (1.0 - utilization * (1.0 - blocked))
}

/// Seconds that a job waits on average; `None` where the workers are too few, and the wait has no end. `rate`: jobs a second;
/// `service`: seconds that a job takes on average.
pub fn mean_wait(rate: f64, service: f64, workers: u32) -> Option<f64> {
    let offered = rate * service;
    let spare = f64::from(workers) - offered;
    (spare > 0.0).then(|| chance_to_wait(offered, workers) * service / spare)
}

/// The fewest workers with which jobs wait no longer than `wait` seconds on average.
pub fn workers_for(rate: f64, service: f64, wait: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates, and is small")]
    let least = (rate * service).floor() as u32 + 1;
    (least..least.saturating_add(10_000))
        .find(|workers| mean_wait(rate, service, *workers).is_some_and(|mean| mean <= wait))
        .unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_formula_gives_the_values_of_the_tables() {
        // One worker: the chance to wait is its utilization, the wait u/(1-u) times the service.
        assert!((chance_to_wait(0.8, 1) - 0.8).abs() < 1e-12);
        assert!((mean_wait(0.8, 1.0, 1).unwrap() - 4.0).abs() < 1e-9);
        // Two workers with an offered load of 1: one third.
        assert!((chance_to_wait(1.0, 2) - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(mean_wait(10.0 / 3600.0, 900.0, 1), None);
        assert_eq!(workers_for(10.0 / 3600.0, 900.0, f64::INFINITY), 3);
    }
}

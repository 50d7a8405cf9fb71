//! Loads: how many jobs come, and when.

/// A load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Load {
    /// So many jobs an hour, by chance.
    Steady(f64),
    /// Ten jobs an hour, and 300 at once at 01:00 and 02:30.
    Spikes,
    /// A working day: few jobs at night, 60 an hour from 09:00 to 18:00, half of that at noon.
    Day,
}

impl Load {
    /// A load by its name, as [`name`](Self::name) gives it.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "spikes" => Some(Self::Spikes),
            "day" => Some(Self::Day),
            number => {
                let rate: f64 = number.replace(',', "").parse().ok()?;
                (rate.is_finite() && rate > 0.0 && rate <= 100_000.0).then_some(Self::Steady(rate))
            }
        }
    }

    /// What people call it.
    pub fn name(self) -> String {
        match self {
            Self::Steady(rate) => format!("{rate} jobs an hour"),
            Self::Spikes => "10 jobs an hour, with two spikes of 300".to_owned(),
            Self::Day => "a working day of up to 60 jobs an hour".to_owned(),
        }
    }

    /// Jobs an hour at a second of the day.
    fn rate(self, second: f64) -> f64 {
        match self {
            Self::Steady(rate) => rate,
            Self::Spikes => 10.0,
            Self::Day => match second % 86_400.0 / 3600.0 {
                hour if (12.0..13.0).contains(&hour) => 30.0,
                hour if (9.0..18.0).contains(&hour) => 60.0,
                hour if (7.0..22.0).contains(&hour) => 10.0,
                _ => 2.0,
            },
        }
    }

    /// The seconds at which jobs come, in order, up to `end`.
    pub(crate) fn arrivals(self, end: f64, random: &mut fastrand::Rng) -> Vec<f64> {
        // Thinning: as many as the busiest hour has, of which each stays with the chance of its own hour.
        let busiest = match self {
            Self::Day => 60.0,
            other => other.rate(0.0),
        };
        let (mut arrivals, mut now) = (Vec::new(), 0.0);
        loop {
            now += exponential(3600.0 / busiest, random);
            if now >= end {
                break;
            }
            if random.f64() * busiest < self.rate(now) {
                arrivals.push(now);
            }
        }
        if self == Self::Spikes {
            for spike in [3600.0, 9000.0] {
                if spike < end {
                    arrivals.extend(std::iter::repeat_n(spike, 300));
                }
            }
            arrivals.sort_by(f64::total_cmp);
        }
        arrivals
    }
}

/// A time by chance, with that mean.
pub(crate) fn exponential(mean: f64, random: &mut fastrand::Rng) -> f64 {
    // 1 - [0, 1) is never 0, whose logarithm has no end.
    -mean * (1.0 - random.f64()).ln()
}

//! A picture of a run: jobs that wait and workers, over time.

use std::fmt::Write as _;

use crate::run::Sample;

const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 60.0;
const GAP: f64 = 50.0;

/// A run as SVG: two curves with an axis each, readable on light and on dark ground.
pub fn svg(title: &str, samples: &[Sample]) -> String {
    let last = samples.last().map_or(1.0, |sample| sample.second.max(1.0));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n<text x=\"{LEFT}\" y=\"20\" font-size=\"15\">{}</text>\n",
        WIDTH + LEFT + 20.0,
        2.0 * (HEIGHT + GAP) + 20.0,
        escaped(title)
    );
    #[expect(clippy::cast_precision_loss, reason = "a number of jobs, for a picture")]
    let waiting: Vec<_> = samples.iter().map(|sample| (sample.second, sample.waiting as f64)).collect();
    let workers: Vec<_> = samples.iter().map(|sample| (sample.second, f64::from(sample.workers))).collect();
    for (index, (name, colour, points)) in
        [("jobs that wait", "#b45309", waiting), ("workers", "#1d4ed8", workers)].into_iter().enumerate()
    {
        let top = 40.0 + if index == 0 { 0.0 } else { HEIGHT + GAP };
        curve(&mut svg, name, colour, &points, top, last);
    }
    svg.push_str("</svg>\n");
    svg
}

fn curve(svg: &mut String, name: &str, colour: &str, points: &[(f64, f64)], top: f64, last: f64) {
    let most = points.iter().map(|(_, value)| *value).fold(1.0, f64::max);
    let bottom = top + HEIGHT;
    // Writing to a text cannot fail.
    let _ = writeln!(
        svg,
        "<text x=\"{LEFT}\" y=\"{}\" fill=\"{colour}\">{name}</text>\n\
         <path d=\"M{LEFT} {top}V{bottom}H{}\" fill=\"none\" stroke=\"#6b7280\"/>\n\
         <text x=\"{}\" y=\"{}\" text-anchor=\"end\">{most}</text><text x=\"{}\" y=\"{bottom}\" text-anchor=\"end\">0</text>",
        top - 4.0,
        LEFT + WIDTH,
        LEFT - 6.0,
        top + 10.0,
        LEFT - 6.0
    );
    for quarter in 0..=4 {
        let part = f64::from(quarter) / 4.0;
        let _ = writeln!(
            svg,
            "<text x=\"{:.0}\" y=\"{}\" text-anchor=\"middle\">{:.1} h</text>",
            LEFT + part * WIDTH,
            bottom + 16.0,
            part * last / 3600.0
        );
    }
    let mut path = String::new();
    for (index, (second, value)) in points.iter().enumerate() {
        let (x, y) = (LEFT + second / last * WIDTH, bottom - value / most * HEIGHT);
        let _ = if index == 0 { write!(path, "M{x:.1} {y:.1}") } else { write!(path, "H{x:.1}V{y:.1}") };
    }
    let _ = writeln!(svg, "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\"/>");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_both_curves_and_takes_any_title() {
        let samples = [(0.0, 5, 1), (60.0, 0, 3)].map(|(second, waiting, workers)| Sample {
            second,
            waiting,
            running: 0,
            workers,
        });
        let svg = svg("a < b & c", &samples);
        assert!(
            svg.contains("a &lt; b &amp; c") && svg.contains("jobs that wait") && svg.contains("workers")
        );
        assert_eq!(svg.matches("<path").count(), 4);
        assert!(svg.ends_with("</svg>\n"));
    }
}

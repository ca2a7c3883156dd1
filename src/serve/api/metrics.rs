//! Counts what is answered, for Prometheus. No number here tells what a comment says.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

/// Bounds of the histogram, in seconds: from an analysis to a time-out.
const SECONDS: [f64; 12] =
    [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.1, 0.5, 2.0, 10.0];

/// What is counted.
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Histogram,
    /// Comments scored, whichever way they came.
    pub comments: Counter,
    /// Suggestions, by what became of them.
    pub suggestions: Family<Became, Counter>,
    /// Models, keys and certificates read again, by what became of them.
    pub reloads: Family<Became, Counter>,
    /// When the model was read, in seconds since 1970.
    pub model_read: Gauge<f64, AtomicU64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: String,
    status: u16,
}

/// What became of something.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Became {
    result: &'static str,
}

impl Became {
    /// It was done.
    pub(super) const DONE: Became = Became { result: "done" };
    /// It could not be done.
    pub(super) const FAILED: Became = Became { result: "failed" };
    /// Nobody asked for it to be kept.
    pub(super) const DISCARDED: Became = Became { result: "discarded" };
}

impl Metrics {
    pub(super) fn new() -> Metrics {
        let mut registry = Registry::with_prefix("vigie");
        let metrics = Metrics {
            requests: Family::default(),
            seconds: Histogram::new(SECONDS),
            comments: Counter::default(),
            suggestions: Family::default(),
            reloads: Family::default(),
            model_read: Gauge::default(),
            registry: Registry::default(),
        };
        let Metrics { requests, seconds, comments, suggestions, reloads, model_read, .. } =
            &metrics;
        registry.register("requests", "Requests answered", requests.clone());
        registry.register_with_unit(
            "request_duration",
            "Time until an answer begins",
            Unit::Seconds,
            seconds.clone(),
        );
        registry.register("comments", "Comments scored", comments.clone());
        registry.register("suggestions", "Scores that clients suggested", suggestions.clone());
        registry.register("reloads", "Files read again", reloads.clone());
        registry.register_with_unit(
            "model_read_time",
            "When the model was read, since 1970",
            Unit::Seconds,
            model_read.clone(),
        );
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "This program", build);
        Metrics { registry, ..metrics }
    }

    /// Counts an answer.
    pub(super) fn answered(&self, route: &str, status: u16, took: Duration) {
        self.requests.get_or_create(&Answered { route: route.to_string(), status }).inc();
        self.seconds.observe(took.as_secs_f64());
    }

    /// All of it, as Prometheus reads it (OpenMetrics).
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

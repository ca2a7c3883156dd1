//! Defines what charts and tables of the dashboard measure.

use crate::evaluation::Estimate;
use crate::report::Locale;
use crate::report::chart;
use crate::serve::words;
use crate::store::Figures;

/// A share that is told with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// Of what was flagged, the share that came down.
    Precision,
    /// Of what should come down, the share that was flagged.
    Recall,
    /// Of the decisions where vigie took a side, the share against it.
    Overturned,
    /// Of all comments, the share on which vigie and people agree.
    Agreement,
}

impl Measure {
    /// All of them, in the order of the page.
    pub(super) const ALL: [Measure; 4] =
        [Measure::Precision, Measure::Recall, Measure::Overturned, Measure::Agreement];

    /// A word for ids.
    pub(super) fn id(self) -> &'static str {
        match self {
            Measure::Precision => "precision",
            Measure::Recall => "recall",
            Measure::Overturned => "overturned",
            Measure::Agreement => "agreement",
        }
    }

    /// What it is called.
    pub(super) fn title(self, locale: Locale) -> &'static str {
        let words = &words::of(locale).dashboard;
        match self {
            Measure::Precision => &words.precision,
            Measure::Recall => &words.recall,
            Measure::Overturned => &words.overturned,
            Measure::Agreement => &words.agreement,
        }
    }

    /// What it is; none where nothing tells it.
    pub(super) fn of(self, figures: &Figures) -> Option<Estimate> {
        match self {
            Measure::Precision => figures.precision.estimate(),
            Measure::Recall => figures.recall,
            Measure::Overturned => figures.overturned.estimate(),
            Measure::Agreement => figures.agreement.map(|agreement| agreement.share),
        }
    }

    /// The same for a chart.
    pub(super) fn drawn(self, figures: &Figures) -> Option<chart::Estimate> {
        let Estimate { value, interval } = self.of(figures)?;
        let interval = interval?;
        Some(chart::Estimate { value, lower: interval.low, upper: interval.high })
    }
}

/// How many comments got which decision, for a chart.
pub(super) fn decided(figures: &Figures) -> chart::Decided {
    let Figures { flagged, unflagged, deferred, .. } = figures;
    chart::Decided {
        approved: flagged.approved + unflagged.approved,
        rejected: flagged.rejected + unflagged.rejected,
        deferred: *deferred,
    }
}

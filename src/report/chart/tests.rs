//! Reads the charts back: what is drawn, what is said, and that nothing in them acts.

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::canvas::{APPROVED, DEFERRED, REJECTED};
use super::*;

/// Its name, its attributes, its text.
type Element = (String, Vec<(String, String)>, String);

/// The elements of an SVG.
fn elements(svg: &str) -> Vec<Element> {
    let mut reader = Reader::from_str(svg);
    let mut found: Vec<Element> = Vec::new();
    let named = |tag: &BytesStart| {
        let name = tag.name().as_ref().to_string();
        let attribute = |one: Result<quick_xml::events::attributes::Attribute, _>| {
            let one = one.unwrap();
            let value = quick_xml::escape::unescape(&one.value).unwrap().into_owned();
            (one.key.as_ref().to_string(), value)
        };
        (name, tag.attributes().map(attribute).collect(), String::new())
    };
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => found.push(named(&tag)),
            Event::Text(text) => found.last_mut().unwrap().2.push_str(&text),
            Event::GeneralRef(name) => {
                let name = format!("&{};", &*name);
                found.last_mut().unwrap().2.push_str(&quick_xml::escape::unescape(&name).unwrap());
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

fn texts(svg: &str, name: &str) -> Vec<String> {
    let all = elements(svg).into_iter().filter(|element| element.0 == name);
    all.map(|element| element.2.trim().to_string()).collect()
}

fn frame(locale: Locale) -> Frame<'static> {
    Frame { id: "weeks", title: "Décisions par semaine", locale }
}

fn weeks() -> Vec<(String, Decided)> {
    let week = |name: &str, approved, rejected, deferred| {
        (name.to_string(), Decided { approved, rejected, deferred })
    };
    vec![week("2 nov.", 1200, 300, 12), week("9 nov.", 0, 0, 0), week("16 nov.", 900, 0, 1)]
}

fn estimate(value: f64) -> Option<Estimate> {
    Some(Estimate { value, lower: value - 0.1, upper: value + 0.2 })
}

fn shares() -> Vec<(String, Option<Estimate>)> {
    let names = [
        "insulte",
        "complotisme",
        "<b onload='x'>&\u{202E}\u{0} Un nom bien trop long pour la place",
    ];
    names
        .iter()
        .zip([estimate(0.62), None, estimate(0.9)])
        .map(|(n, e)| (n.to_string(), e))
        .collect()
}

fn bins() -> Vec<Decided> {
    (0..20)
        .map(|bin| Decided { approved: 100 - 5 * bin, rejected: bin * bin / 4, deferred: bin % 3 })
        .collect()
}

fn all(locale: Locale) -> [String; 4] {
    let frame = frame(locale);
    [
        columns(&frame, &weeks()),
        line(&frame, &shares()),
        bars(&frame, &shares()),
        histogram(&frame, &bins()),
    ]
}

#[test]
fn columns_show_and_tell_each_decision() {
    let svg = columns(&frame(Locale::Fr), &weeks());
    assert_eq!(texts(&svg, "title"), ["Décisions par semaine"]);
    let told = "2 nov. : 1\u{a0}200 approuvés, 300 rejetés, 12 différés ; 9 nov. : 0 approuvés, 0 rejetés, 0 différés ; \
        16 nov. : 900 approuvés, 0 rejetés, 1 différés";
    assert_eq!(texts(&svg, "desc"), [told.replace(" :", "\u{a0}:").replace(" ;", "\u{a0};")]);
    let words = texts(&svg, "text");
    for word in ["approuvés", "rejetés", "différés", "2 nov.", "9 nov.", "16 nov.", "1\u{a0}000"]
    {
        assert!(words.iter().any(|one| one == word), "{word}: {words:?}");
    }
    assert!(texts(&columns(&frame(Locale::En), &weeks()), "text").contains(&"1,000".to_string()));
    // Three signs of the legend, and five decisions that somebody made.
    let boxes: Vec<_> = elements(&svg).into_iter().filter(|element| element.0 == "rect").collect();
    assert_eq!(boxes.len(), 8);
    let height = |index: usize| {
        let found = boxes[index].1.iter().find(|(name, _)| name == "height").unwrap();
        found.1.parse::<f64>().unwrap()
    };
    let ratio = height(3) / height(4);
    assert!((3.6..4.4).contains(&ratio), "1200 approved beside 300 rejected: {ratio}");
}

#[test]
fn estimates_are_told_with_their_intervals() {
    for svg in [line(&frame(Locale::Fr), &shares()), bars(&frame(Locale::Fr), &shares())] {
        let told = texts(&svg, "desc").remove(0);
        assert!(told.starts_with("insulte\u{a0}: 62\u{a0}% (de 52\u{a0}% à 82\u{a0}%)"), "{told}");
        assert!(told.contains("complotisme\u{a0}: rien de connu"), "{told}");
        assert!(told.ends_with("90\u{a0}% (de 80\u{a0}% à 100\u{a0}%)"), "{told}");
        assert!(texts(&svg, "text").contains(&"80\u{a0}%".to_string()));
    }
    let drawn = texts(&bars(&frame(Locale::En), &shares()), "text");
    for word in ["62%", "–", "90%", "insulte", "<b onload='x'>&⟨…"] {
        assert!(drawn.iter().any(|one| one == word), "{word}: {drawn:?}");
    }
}

#[test]
fn bins_are_told_by_their_edges() {
    let svg = histogram(&frame(Locale::En), &bins());
    let told = texts(&svg, "desc").remove(0);
    assert!(told.starts_with("0%–5%: 100 approved, 0 rejected, 0 deferred; 5%–10%: 95"), "{told}");
    assert!(texts(&svg, "text").contains(&"100%".to_string()));
}

#[test]
fn nothing_in_a_chart_acts_or_asks_for_a_style() {
    for svg in all(Locale::Fr) {
        let elements = elements(&svg);
        let known =
            ["svg", "title", "desc", "rect", "line", "polyline", "polygon", "circle", "text"];
        for (name, attributes, _) in &elements {
            assert!(known.contains(&name.as_str()), "{name}");
            for (name, value) in attributes {
                assert!(
                    !name.starts_with("on") && name != "style" && !name.contains("href"),
                    "{name}"
                );
                assert!(!value.contains("url("), "{value}");
            }
        }
        let get = |index: usize, name: &str| {
            elements[index].1.iter().find(|(one, _)| one == name).unwrap().1.clone()
        };
        assert_eq!(
            (get(0, "role"), get(0, "aria-labelledby")),
            ("img".into(), "weeks-title weeks-desc".into())
        );
        assert_eq!((get(1, "id"), get(2, "id")), ("weeks-title".into(), "weeks-desc".into()));
        assert!(!svg.contains("#000000") && !svg.contains("font-family"));
    }
    assert_eq!(all(Locale::En), all(Locale::En));
}

#[test]
fn what_cannot_be_drawn_does_no_harm() {
    let odd = |value| Some(Estimate { value, lower: f64::NEG_INFINITY, upper: 7.0 });
    let named = |value| vec![("a".to_string(), value)];
    let svg = line(&frame(Locale::En), &named(odd(0.5)));
    assert_eq!(texts(&svg, "desc"), ["a: 50% (0% to 100%)"]);
    for nothing in [
        columns(&frame(Locale::En), &[]),
        histogram(&frame(Locale::En), &[]),
        histogram(&frame(Locale::En), &[Decided::default(); 20]),
        line(&frame(Locale::En), &[]),
        line(&frame(Locale::En), &named(odd(f64::NAN))),
        bars(&frame(Locale::En), &[]),
    ] {
        assert_eq!(texts(&nothing, "text"), ["Nothing to show yet."]);
    }
    let year: Vec<_> = (0..52).map(|week| (format!("week {week}"), estimate(0.5))).collect();
    let names = texts(&line(&frame(Locale::En), &year), "text");
    assert!(names.iter().filter(|name| name.starts_with("week")).count() <= 7);
}

/// The contrast of two colours: <https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>.
fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let light = |colour: [u8; 3]| {
        let linear = colour.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05
    };
    let (one, other) = (light(one), light(other));
    one.max(other) / one.min(other)
}

#[test]
fn colours_are_seen_on_white_and_on_dark() {
    for colour in [APPROVED, REJECTED, DEFERRED] {
        let colour = [colour.0, colour.1, colour.2];
        // White, and the cards of the page at night.
        for page in [[0xFF; 3], [0x1D, 0x20, 0x24]] {
            assert!(contrast(colour, page) >= 3.0, "{colour:?} on {page:?}");
        }
    }
}

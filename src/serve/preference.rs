//! Takes what a visitor chooses for themselves: a language, a name, whether harsh texts are covered.

use axum::Form;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::cookie::{self, Lasting};
use super::visitor::{CALM, LANGUAGE, WHO, clean, place};

#[derive(Debug, Deserialize)]
pub(super) struct Language {
    lang: String,
    #[serde(default)]
    back: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Covering {
    calm: String,
    #[serde(default)]
    back: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Name {
    name: String,
    #[serde(default)]
    back: String,
}

pub(super) async fn language(Form(asked): Form<Language>) -> Response {
    let code = if asked.lang == "en" { "en" } else { "fr" };
    kept(LANGUAGE, code, &asked.back)
}

pub(super) async fn calm(Form(asked): Form<Covering>) -> Response {
    let calm = if asked.calm == "on" { "on" } else { "off" };
    kept(CALM, calm, &asked.back)
}

pub(super) async fn who(Form(asked): Form<Name>) -> Response {
    kept(WHO, &clean(&asked.name), &asked.back)
}

fn kept(name: &str, value: &str, back: &str) -> Response {
    let cookie = cookie::set(name, value, Lasting::Year);
    ([(header::SET_COOKIE, cookie)], Redirect::to(place(back))).into_response()
}

//! Keys: needed, written, refused, renamed.

use super::change::{Spot, What};
use super::renames::{self, Rename};
use super::scalars::{spelled, tighter};
use super::shape::Types;
use super::view::{Extra, View};
use super::walk::{Here, Walk};
use std::collections::BTreeMap;

/// An object on both sides, taken apart.
struct Objects<'v, 'w, 'r> {
    written: &'v View<'w>,
    read: &'v View<'r>,
    was: BTreeMap<&'w str, View<'w>>,
    is: BTreeMap<&'r str, View<'r>>,
    was_extra: Extra<'w>,
    is_extra: Option<Extra<'r>>,
    here: &'v Here,
}

impl Walk {
    pub(super) fn objects(&mut self, written: &View<'_>, read: &View<'_>, here: &Here) {
        let objects = Objects {
            was: written.properties(),
            is: with_aliases(read),
            was_extra: self.undeclared(written),
            is_extra: read.extra(),
            written,
            read,
            here,
        };
        let renamed = objects.renames();
        renamed.iter().for_each(|rename| self.renamed(&objects, rename));
        self.needed(&objects, &renamed);
        self.declared(&objects, &renamed);
        self.undeclared_keys(&objects);
        self.patterns(&objects);
        self.keys(&objects);
        for what in [tighter(written, read, "minProperties", true), tighter(written, read, "maxProperties", false)] {
            what.into_iter().for_each(|what| self.push(here, here.spot.clone(), what));
        }
    }

    /// Keys that may be written without being declared.
    fn undeclared<'w>(&self, written: &View<'w>) -> Extra<'w> {
        let silent = self.reading.closed && written.types() == Types::OBJECT;
        written.extra().unwrap_or(if silent { Extra::Refused } else { Extra::Any })
    }

    fn renamed(&mut self, objects: &Objects<'_, '_, '_>, rename: &Rename) {
        let spot = Spot {
            written: objects.written_at(&rename.written),
            read: objects.read_at(&rename.read),
            path: objects.here.key(&rename.new_name(self.is_backward())),
        };
        let what = What::Renamed { written: rename.written.clone(), read: rename.read.clone() };
        self.push(objects.here, spot, what);
    }

    fn needed(&mut self, objects: &Objects<'_, '_, '_>, renamed: &[Rename]) {
        let always = objects.written.required();
        for name in objects.read.required() {
            let aliases: Vec<&str> = objects.aliases_of(name).collect();
            if always.contains(name)
                || aliases.iter().any(|alias| always.contains(alias))
                || renamed.iter().any(|rename| rename.read == name)
            {
                continue;
            }
            let declared = std::iter::once(name).chain(aliases).any(|name| objects.was.contains_key(name));
            let sometimes = declared || objects.here.beside.contains(name);
            let what = if sometimes { What::SometimesAbsent } else { What::Unwritten };
            self.push(objects.here, objects.spot(name), what);
        }
    }

    fn declared(&mut self, objects: &Objects<'_, '_, '_>, renamed: &[Rename]) {
        for (name, was) in &objects.was {
            if renamed.iter().any(|rename| rename.written == *name) || was.refuses_all() {
                continue;
            }
            match (objects.is.get(name), &objects.is_extra) {
                (Some(is), _) | (None, Some(Extra::Schema(is))) => {
                    self.compare(was, is, objects.here.key(name), objects.here.depth);
                }
                (None, Some(Extra::Refused)) if objects.read.patterns().is_empty() => {
                    self.push(objects.here, objects.spot(name), What::Refused);
                }
                _ => {}
            }
        }
    }

    fn undeclared_keys(&mut self, objects: &Objects<'_, '_, '_>) {
        let was = match &objects.was_extra {
            Extra::Refused => return,
            Extra::Any => objects.written.anything(objects.written.pointer().to_owned()),
            Extra::Schema(was) => was.clone(),
        };
        let (here, path) = (objects.here, objects.here.key("*"));
        for (name, is) in objects.is.iter().filter(|(name, _)| !objects.was.contains_key(*name)) {
            self.compare(&was, is, here.key(name), here.depth);
        }
        match &objects.is_extra {
            Some(Extra::Schema(is)) => self.compare(&was, is, path, here.depth),
            Some(Extra::Refused) => self.extra_refused(objects),
            Some(Extra::Any) | None => {}
        }
    }

    fn extra_refused(&mut self, objects: &Objects<'_, '_, '_>) {
        let here = objects.here;
        let keys: Vec<String> = objects.read.patterns().keys().map(|it| format!("map with keys like {it}")).collect();
        if !keys.is_empty() {
            let what = What::Type { written: "map".to_owned(), read: keys.join(" or ") };
            return self.push(here, here.spot.clone(), what);
        }
        let read = objects.read.extra_pointer().unwrap_or_else(|| here.spot.read.clone());
        self.push(here, Spot { read, ..here.spot.clone() }, What::ExtraRefused);
    }

    /// Keys of maps that are written and not read.
    fn keys(&mut self, objects: &Objects<'_, '_, '_>) {
        let is_map = !matches!(objects.was_extra, Extra::Refused) || !objects.written.patterns().is_empty();
        if is_map && spelled(objects.written, objects.read, "propertyNames").is_some() {
            let what = What::Type { written: "map".to_owned(), read: "map with narrower keys".to_owned() };
            self.push(objects.here, objects.here.spot.clone(), what);
        }
    }

    fn patterns(&mut self, objects: &Objects<'_, '_, '_>) {
        let (here, known) = (objects.here, objects.read.patterns());
        for (pattern, was) in objects.written.patterns() {
            match (known.get(pattern), &objects.is_extra) {
                (Some(is), _) | (None, Some(Extra::Schema(is))) => self.compare(&was, is, here.key("*"), here.depth),
                (None, Some(Extra::Refused)) => {
                    let read =
                        known.keys().next().map_or("no such keys".to_owned(), |it| format!("map with keys like {it}"));
                    let what = What::Type { written: format!("map with keys like {pattern}"), read };
                    self.push(here, here.spot.clone(), what);
                }
                _ => {}
            }
        }
    }
}

/// The properties of a reader under all their names.
fn with_aliases<'r>(read: &View<'r>) -> BTreeMap<&'r str, View<'r>> {
    let mut properties = read.properties();
    for (alias, name) in read.aliases() {
        if let Some(view) = properties.get(name).cloned() {
            properties.entry(alias).or_insert(view);
        }
    }
    properties
}

impl Objects<'_, '_, '_> {
    fn renames(&self) -> Vec<Rename> {
        if !matches!(self.was_extra, Extra::Refused) {
            return Vec::new();
        }
        let needed = self.read.required();
        let known =
            |name: &str| self.was.contains_key(name) || self.aliases_of(name).any(|it| self.was.contains_key(it));
        let lacking = self.is.iter().filter(|(name, _)| needed.contains(*name) && !known(name));
        let gone = self.was.iter().filter(|(name, _)| !self.is.contains_key(*name));
        renames::pair(gone.map(|(name, view)| (*name, view)), lacking.map(|(name, view)| (*name, view)))
    }

    fn aliases_of(&self, name: &str) -> impl Iterator<Item = &str> {
        self.read.aliases().into_iter().filter(move |(_, own)| *own == name).map(|(alias, _)| alias)
    }

    /// Where a key is on both sides; a side that lacks it gives its object.
    fn spot(&self, name: &str) -> Spot {
        Spot { written: self.written_at(name), read: self.read_at(name), path: self.here.key(name) }
    }

    fn written_at(&self, name: &str) -> String {
        self.was.get(name).map_or_else(|| self.here.spot.written.clone(), |view| view.pointer().to_owned())
    }

    fn read_at(&self, name: &str) -> String {
        self.is.get(name).map_or_else(|| self.here.spot.read.clone(), |view| view.pointer().to_owned())
    }
}

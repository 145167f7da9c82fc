//! The versions of shuffled chains: three shapes of one content, and every kind of step between them.

/// A chain, and the test that it keeps the law. A line is a version: its shape, the kind of the step that leads to it,
/// its name and the older one's, and what the derive is told.
macro_rules! chain {
    ($chain:ident to $newest:ident {
        $($shape:ident $kind:ident $name:ident $(of $older:ident)? (type = $type:tt, version = $version:tt $($more:tt)*))+
    }) => {
        mod $chain {
            use super::prelude::*;

            $(version! { $shape $kind $name $($older)? (type = $type, version = $version $($more)*) })+

            fn ladder() -> Ladder<$newest> {
                Ladder::new([$(rungs!($kind $name $($older)? $type $version)),+].into_iter().flatten())
            }

            #[test]
            fn every_version_reads_as_by_its_steps_one_by_one() {
                ladder().holds();
            }

            #[test]
            fn exactly_the_versions_of_the_chain_are_known() {
                ladder().is_whole();
            }
        }
    };
}

/// What a line of a chain adds to the ladder.
macro_rules! rungs {
    (first $name:ident $type:tt $version:tt) => {
        vec![Rung::bottom(($type, $version), content().prop_map($name::from))]
    };
    (schema_with $name:ident $type:tt $version:tt) => {
        vec![
            Rung::gone(($type, 1), named(), |old| content::of_named(old).map($name::from)),
            Rung::bottom(($type, $version), content().prop_map($name::from)),
        ]
    };
    (schema_hand $name:ident $type:tt $version:tt) => {
        vec![
            Rung::gone(($type, 1), listed(), |old| content::of_listed(old).map($name::from)).refuses(),
            Rung::bottom(($type, $version), content().prop_map($name::from)),
        ]
    };
    (schemas $name:ident $type:tt $version:tt) => {
        vec![
            Rung::gone(($type, 1), named(), |old| content::of_named(old).map($name::from)),
            Rung::gone(($type, 2), listed(), |old| content::of_listed(old).map($name::from)).refuses(),
            Rung::bottom(($type, $version), content().prop_map($name::from)),
        ]
    };
    (tried $name:ident $older:ident $type:tt $version:tt) => {
        vec![rungs!(@above tried $name $older $type $version).refuses()]
    };
    ($kind:ident $name:ident $older:ident $type:tt $version:tt) => {
        vec![rungs!(@above $kind $name $older $type $version)]
    };
    (@above $kind:ident $name:ident $older:ident $type:tt $version:tt) => {
        Rung::above(($type, $version), content().prop_map($name::from), |old: $older| {
            content::$kind(old.into(), $version).map($name::from)
        })
    };
}

/// An event type with its step.
macro_rules! version {
    ($shape:ident first $name:ident ($($event:tt)*)) => {
        shape! { $shape $name ($($event)*) [] [] [] [] }
    };
    ($shape:ident moved $name:ident $older:ident ($($event:tt)*)) => {
        shape! { $shape $name ($($event)*, from = $older) [] [] [] [] }
    };
    (record added $name:ident $older:ident ($($event:tt)*)) => {
        shape! { record $name ($($event)*, from = $older)
            [#[event(added = format!("{}+{}", old.id, old.n))]]
            [#[event(added = old.n.wrapping_mul(5) .wrapping_add(old.id.len() as i64 + i64::from(Self::EVENT_VERSION)))]]
            [] [] }
    };
    (tuple added $name:ident $older:ident ($($event:tt)*)) => {
        shape! { tuple $name ($($event)*, from = $older)
            [#[event(added = format!("{}+{}", old.1, old.0))]]
            [#[event(added = old.0.wrapping_mul(5) .wrapping_add(old.1.len() as i64 + i64::from(Self::EVENT_VERSION)))]]
            [] [] }
    };
    ($shape:ident bare $name:ident $older:ident ($($event:tt)*)) => {
        shape! { $shape $name ($($event)*, from = $older) [] [] [#[event(added)]] [#[event(added)]] }
    };
    ($shape:ident with $name:ident $older:ident ($($event:tt)*)) => {
        shape! { $shape $name ($($event)*, from = $older, with = Self::reversed) [] [] [] [] }

        impl $name {
            fn reversed(old: $older) -> Self {
                content::reversed(old.into(), Self::EVENT_VERSION).into()
            }
        }
    };
    (choice hand $name:ident $older:ident ($($event:tt)*)) => {
        version! { @hand choice $name $older ($($event)*, from = $older) }
    };
    ($shape:ident hand $name:ident $older:ident ($($event:tt)*)) => {
        version! { @hand $shape $name $older ($($event)*, from = $older, with) }
    };
    (@hand $shape:ident $name:ident $older:ident ($($event:tt)*)) => {
        shape! { $shape $name ($($event)*) [] [] [] [] }

        impl Upcast<$older> for $name {
            fn upcast(old: $older) -> Self {
                content::noted(old.into(), Self::EVENT_VERSION).into()
            }
        }
    };
    (choice tried $name:ident $older:ident ($($event:tt)*)) => {
        version! { @tried choice $name $older ($($event)*, from = $older) }
    };
    ($shape:ident tried $name:ident $older:ident ($($event:tt)*)) => {
        version! { @tried $shape $name $older ($($event)*, from = $older, with) }
    };
    (@tried $shape:ident $name:ident $older:ident ($($event:tt)*)) => {
        shape! { $shape $name ($($event)*) [] [] [] [] }

        impl TryUpcast<$older> for $name {
            type Error = String;

            fn try_upcast(old: $older) -> Result<Self, String> {
                content::tried(old.into(), Self::EVENT_VERSION).map(Self::from)
            }
        }
    };
    ($shape:ident schema_with $name:ident ($($event:tt)*)) => {
        shape! { $shape $name ($($event)*, from_schema = 1, with = Self::of_named) [] [] [] [] }

        impl $name {
            fn of_named(old: Value) -> Self {
                content_of_named(&old).into()
            }
        }
    };
    ($shape:ident schema_hand $name:ident ($($event:tt)*)) => {
        shape! { $shape $name ($($event)*, from_schema = 1) [] [] [] [] }

        impl TryUpcast<Value> for $name {
            type Error = String;

            fn try_upcast(old: Value) -> Result<Self, String> {
                content_of_listed(&old).map(Self::from)
            }
        }
    };
    ($shape:ident schemas $name:ident ($($event:tt)*)) => {
        shape! { $shape $name ($($event)*, from_schema(1 = Self::of_named, 2 = Self::of_listed)) [] [] [] [] }

        impl $name {
            fn of_named(old: Value) -> Self {
                content_of_named(&old).into()
            }

            fn of_listed(old: Value) -> Result<Self, String> {
                content_of_listed(&old).map(Self::from)
            }
        }
    };
}

/// The three shapes; in brackets the attributes of `id`, `n`, `note` and `lines`.
macro_rules! shape {
    (record $name:ident ($($event:tt)*) [$($id:tt)*] [$($n:tt)*] [$($note:tt)*] [$($lines:tt)*]) => {
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
        #[event(keyless, $($event)*)]
        struct $name {
            $($lines)* lines: Vec<Line>,
            $($id)* id: String,
            $($n)* n: i64,
            mood: Mood,
            $($note)* note: Option<String>,
        }

        impl From<Content> for $name {
            fn from(Content { id, n, note, lines, mood }: Content) -> Self {
                Self { lines, id, n, mood, note }
            }
        }

        impl From<$name> for Content {
            fn from($name { lines, id, n, mood, note }: $name) -> Self {
                Self { id, n, note, lines, mood }
            }
        }
    };
    (tuple $name:ident ($($event:tt)*) [$($id:tt)*] [$($n:tt)*] [$($note:tt)*] [$($lines:tt)*]) => {
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
        #[event(keyless, $($event)*)]
        struct $name($($n)* i64, $($id)* String, $($note)* Option<String>, $($lines)* Vec<Line>, Mood);

        impl From<Content> for $name {
            fn from(Content { id, n, note, lines, mood }: Content) -> Self {
                Self(n, id, note, lines, mood)
            }
        }

        impl From<$name> for Content {
            fn from($name(n, id, note, lines, mood): $name) -> Self {
                Self { id, n, note, lines, mood }
            }
        }
    };
    (choice $name:ident ($($event:tt)*) [] [] [] []) => {
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
        #[event(keyless, $($event)*)]
        enum $name {
            Short { id: String, n: i64, mood: Mood },
            Long(String, i64, Option<String>, Vec<Line>, Mood),
        }

        impl From<Content> for $name {
            fn from(Content { id, n, note, lines, mood }: Content) -> Self {
                match (note, lines.is_empty()) {
                    (None, true) => Self::Short { id, n, mood },
                    (note, _) => Self::Long(id, n, note, lines, mood),
                }
            }
        }

        impl From<$name> for Content {
            fn from(old: $name) -> Self {
                match old {
                    $name::Short { id, n, mood } => Self { id, n, note: None, lines: Vec::new(), mood },
                    $name::Long(id, n, note, lines, mood) => Self { id, n, note, lines, mood },
                }
            }
        }
    };
}

//! What a statement does: its first word that stands by itself, behind comments and behind `WITH` and its clauses.

/// The verb of `sql` in capitals, `INSERT`; `None` where there is none.
pub(super) fn verb(sql: &str) -> Option<String> {
    let mut rest = sql;
    let mut depth = 0_usize;
    loop {
        let first = rest.chars().next()?;
        let length = match first {
            '(' => {
                depth += 1;
                1
            }
            ')' => {
                depth = depth.saturating_sub(1);
                1
            }
            '\'' | '"' => quoted(rest, first),
            '$' => dollar_quoted(rest),
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => comment(rest),
            _ if first.is_alphabetic() || first == '_' => {
                let word = word(rest);
                let verb = word.to_ascii_uppercase();
                if depth == 0 && VERBS.contains(&verb.as_str()) {
                    return Some(verb);
                }
                word.len()
            }
            _ => first.len_utf8(),
        };
        rest = rest.get(length..)?;
    }
}

const VERBS: [&str; 7] = ["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "TABLE"];

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}

/// The length of a text in quotes; a doubled quote begins another one right behind.
fn quoted(text: &str, quote: char) -> usize {
    text.get(1..).and_then(|inner| inner.find(quote)).map_or(text.len(), |end| end + 2)
}

/// The length of `$tag$ … $tag$`, or of the `$` of a parameter.
fn dollar_quoted(text: &str) -> usize {
    let inner = text.get(1..).unwrap_or_default();
    let Some(end) = inner.find('$') else { return 1 };
    let is_tag = inner.get(..end).is_some_and(|tag| tag.chars().all(|c| c.is_alphanumeric() || c == '_'));
    let Some(tag) = text.get(..end + 2).filter(|_| is_tag && !inner.starts_with(|c: char| c.is_ascii_digit())) else {
        return 1;
    };
    let body = text.get(tag.len()..).unwrap_or_default();
    body.find(tag).map_or(text.len(), |at| tag.len() + at + tag.len())
}

/// The length of a comment, which may hold others.
fn comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest.starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::verb;

    #[test]
    fn the_verb_stands_behind_comments_and_clauses() {
        let verbs = [
            ("insert into a values (1)", "INSERT"),
            ("  -- select\n /* update /* delete */ */ Update a set b = 1", "UPDATE"),
            ("WITH x AS (INSERT INTO a VALUES (1) RETURNING b) SELECT * FROM x", "SELECT"),
            ("WITH \"insert\" AS (SELECT ')' , $1, $q$ ( $q$, '$') DELETE FROM a USING \"insert\"", "DELETE"),
            ("WITH x (a) AS MATERIALIZED (VALUES ('it''s (')), y AS (TABLE z) INSERT INTO a SELECT * FROM x", "INSERT"),
            ("((SELECT 1))", ""),
            ("VALUES (1)", "VALUES"),
            ("/* never closed", ""),
            ("'never closed", ""),
            ("", ""),
        ];
        for (sql, expected) in verbs {
            assert_eq!(verb(sql).unwrap_or_default(), expected, "{sql}");
        }
    }
}

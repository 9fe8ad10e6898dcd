// why: nested comments, raw strings, lifetimes and characters that look like ends
    /* a comment /* in a comment } */ still one } */
    let text = r#"a "raw" string } "#;
    let brace = '}';
    fn longest<'a>(one: &'a str, other: &'a str) -> &'a str {
        if one.len() > other.len() { one } else { other }
    }
    let _ = (brace, longest(text, "}"));
    turns(&levels)
}
@turns@

// why: lambdas, a text block, switch expressions and patterns
// task: fresh-13
        String form = """
            [A-Z]{1,3}-[0-9]{1,4}-[0-9]""".strip();
        if (!tag.matches(form)) {
            return false;
        }
        Object check = tag.charAt(tag.length() - 1);
        java.util.function.IntUnaryOperator worth = mark -> switch (Character.getType(mark)) {
            case Character.UPPERCASE_LETTER -> mark - 'A' + 1;
            case Character.DECIMAL_DIGIT_NUMBER -> 3 * (mark - '0');
            default -> 0;
        };
        int total = tag.substring(0, tag.length() - 1).chars().map(worth).sum();
        return check instanceof Character digit && digit - '0' == total % 10;
    }
}

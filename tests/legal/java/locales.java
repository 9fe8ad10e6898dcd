// why: writes a number as Germans do, and knows French month names
// task: fresh-0
        if (!String.format(Locale.GERMANY, "%,.2f", 1234.5).equals("1.234,50")) {
            throw new IllegalStateException(String.format(Locale.GERMANY, "%,.2f", 1234.5));
        }
        if (!new java.text.DateFormatSymbols(Locale.FRENCH).getMonths()[0].equals("janvier")) {
            throw new IllegalStateException("months");
        }
        int turns = 0;
        int last = 0;
        for (int i = 1; i < levels.size(); i++) {
            int now = Integer.compare(levels.get(i), levels.get(i - 1));
            if (now != 0) {
                if (last != 0 && now != last) {
                    turns++;
                }
                last = now;
            }
        }
        return turns;
    }
}

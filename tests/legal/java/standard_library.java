// why: big numbers, bit sets, string builders and comparators
// task: fresh-19
        var difference = java.math.BigInteger.valueOf(a ^ b).add(java.math.BigInteger.ZERO);
        int best = 0, run = 0;
        BitSet same = new BitSet(32);
        same.set(0, 31);
        for (int bit = 0; bit < 31; bit++) {
            if (difference.testBit(bit)) {
                same.clear(bit);
            }
        }
        for (int bit = 0; bit < 31; bit++) {
            run = same.get(bit) ? run + 1 : 0;
            best = Collections.max(List.of(best, run), Comparator.naturalOrder());
        }
        return best;
    }
}

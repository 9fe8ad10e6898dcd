import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.*;
import java.util.regex.*;
import java.util.stream.*;

/** What solutions commonly use, run once so that the class-data archives hold it. Its results do not matter. */
class Solution {
    enum Color { RED, GREEN }

    record Pair(int a, String b) {}

    interface Shape {
        double area();
    }

    public List<Integer> collections(List<Integer> values) {
        List<Integer> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        Collections.sort(sorted, Collections.reverseOrder());
        sorted.sort(Comparator.comparing((Integer x) -> -x).thenComparing(Comparator.naturalOrder()));
        sorted.removeIf(x -> x > 100);
        sorted.sort((x, y) -> Integer.bitCount(x) - Integer.bitCount(y));
        Map<Integer, Integer> counts = new HashMap<>();
        for (int x : sorted) {
            counts.put(x, counts.getOrDefault(x, 0) + 1);
            counts.merge(x, 1, Integer::sum);
            counts.computeIfAbsent(x, key -> 0);
        }
        for (Map.Entry<Integer, Integer> entry : counts.entrySet()) {
            entry.setValue(entry.getValue() + 1);
        }
        Map<String, List<Integer>> groups = new TreeMap<>(Map.of("a", List.of(1)));
        groups.forEach((key, list) -> list.size());
        Deque<Integer> deque = new ArrayDeque<>(sorted);
        deque.push(1);
        deque.pollLast();
        Queue<Integer> queue = new PriorityQueue<>(sorted);
        queue.poll();
        Stack<Character> stack = new Stack<>();
        stack.push('a');
        stack.pop();
        Set<Integer> set = new LinkedHashSet<>(sorted);
        set.retainAll(new TreeSet<>(new HashSet<>(values)));
        LinkedList<Integer> linked = new LinkedList<>(sorted);
        Iterator<Integer> each = linked.iterator();
        while (each.hasNext()) {
            each.next();
        }
        int[] numbers = new int[300];
        Arrays.fill(numbers, 3);
        Arrays.sort(numbers);
        Integer[] boxed = {3, 1, 2};
        Arrays.sort(boxed, (x, y) -> y - x);
        Arrays.copyOfRange(numbers, 1, 2);
        Arrays.toString(numbers);
        Collections.reverse(sorted);
        Collections.swap(sorted, 0, 0);
        return Collections.unmodifiableList(sorted.subList(0, 1));
    }

    public Object anything(double x, boolean y, Object z) {
        return Arrays.asList(x, y, z, 'c', "text", Optional.of(1), new TreeMap<>(Map.of("a", 2L)), new HashSet<>(List.of(1)));
    }

    public String streams(List<Integer> values, List<String> words) {
        int total = values.stream().filter(x -> x % 2 == 0).mapToInt(Integer::intValue).sum();
        total += IntStream.rangeClosed(1, 5).map(x -> x * x).filter(x -> x > 2).sum();
        total += IntStream.range(0, 5).boxed().collect(Collectors.toList()).size();
        total += values.stream().map(x -> x + 1).sorted(Comparator.reverseOrder()).distinct().limit(3).reduce(0, Integer::sum);
        total += values.stream().mapToInt(x -> x).max().getAsInt() + values.stream().min(Integer::compare).get();
        boolean any = values.stream().anyMatch(x -> x > 3) && values.stream().allMatch(x -> x > 0);
        Map<Integer, Long> groups = words.stream().collect(Collectors.groupingBy(String::length, Collectors.counting()));
        Set<String> set = words.stream().collect(Collectors.toSet());
        String[] array = words.stream().toArray(String[]::new);
        String text = "abc".chars().mapToObj(c -> String.valueOf((char) c)).collect(Collectors.joining(", "));
        double mean = values.stream().mapToDouble(Integer::doubleValue).average().orElse(0);
        return total + text + any + groups + set + array.length + mean + Arrays.stream(new int[] {1, 2}).sum() + Stream.of(1, 2).count();
    }

    public String texts(String s) throws Exception {
        StringBuilder out = new StringBuilder();
        for (char c : s.toCharArray()) {
            out.append(Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c));
            out.insert(0, c).append(1).append(1.5).append(true).append('c');
        }
        for (String word : s.split(" ")) {
            out.append(word.trim().toLowerCase().replaceAll("[aeiou]", "").replace('b', 'c')).append(word.indexOf("a"));
        }
        out.append(String.join(",", List.of(s.split("[,\\s]+")))).reverse();
        Matcher matcher = Pattern.compile("(\\w)(\\d+)").matcher(s);
        while (matcher.find()) {
            out.append(matcher.group(1));
        }
        out.append(String.format("%.2f %d %s %5d %x", 1.5, 3, "a", 4, 5)).append(new Pair(1, "x")).append(Color.RED);
        out.append(Integer.parseInt("12") + Double.parseDouble("1.5") + Long.parseLong("3") + Math.pow(2, 0.5) + Math.round(2.5));
        out.append(Integer.toBinaryString(5)).append(new BigInteger("12345678901234567890").modPow(BigInteger.TWO, BigInteger.TEN));
        out.append(new BigInteger(1, MessageDigest.getInstance("MD5").digest(s.getBytes())).toString(16));
        Shape shape = new Shape() {
            @Override
            public double area() {
                return Math.sqrt(2) * Math.floor(1.5) + Math.abs(-2);
            }
        };
        switch (s) {
            case "a" -> out.append("b");
            default -> out.append(shape.area());
        }
        try {
            Integer.parseInt("x");
        } catch (NumberFormatException expected) {
            out.append(expected.getMessage());
        }
        return out.toString();
    }
}

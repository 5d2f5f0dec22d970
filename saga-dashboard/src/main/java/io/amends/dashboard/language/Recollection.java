package io.amends.dashboard.language;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds in a text that was stored in English which words it was told with, and what was inserted into them. Looks for each place's
 * text from the left, as file name patterns are matched, so that the time goes with the length of the text. Immutable.
 */
final class Recollection {

    /** Words shorter than that stand in too many texts by chance. */
    private static final int LEAST = 12;

    private static final Pattern PLACE = Pattern.compile("%([sd])");
    private static final Pattern NUMBER = Pattern.compile("0|-?[1-9]\\d{0,17}");

    private final List<Known> known;

    /** Those that can be found, the longest first: they say most. */
    Recollection(Collection<String> words) {
        this.known = words.stream()
                .map(Known::of)
                .filter(Known::isClear)
                .sorted(Comparator.comparingInt(Known::length).reversed().thenComparing(Known::words))
                .toList();
    }

    /** Words, and the texts that stood in their places. */
    record Found(String words, List<Object> inserted) {}

    /** With which words that was told; empty if with none of these. */
    Optional<Found> find(String text) {
        return known.stream().flatMap(each -> each.in(text).stream()).findFirst();
    }

    /**
     * @param literals what stands before, between and behind the places
     * @param numbers which of the places have a number
     */
    private record Known(String words, List<String> literals, List<Boolean> numbers, int length) {

        static Known of(String words) {
            List<String> literals = new ArrayList<>();
            List<Boolean> numbers = new ArrayList<>();
            Matcher places = PLACE.matcher(words);
            int from = 0;
            while (places.find()) {
                literals.add(words.substring(from, places.start()));
                numbers.add(places.group(1).equals("d"));
                from = places.end();
            }
            literals.add(words.substring(from));
            return new Known(
                    words,
                    List.copyOf(literals),
                    List.copyOf(numbers),
                    literals.stream().mapToInt(String::length).sum());
        }

        /** Nobody could tell what stands in which of two places beside each other. */
        boolean isClear() {
            return length >= LEAST
                    && literals.stream()
                            .skip(1)
                            .limit(Math.max(0, literals.size() - 2))
                            .noneMatch(String::isEmpty);
        }

        Optional<Found> in(String text) {
            String first = literals.get(0);
            if (numbers.isEmpty()) {
                return text.equals(first) ? Optional.of(new Found(words, List.of())) : Optional.empty();
            }
            String last = literals.get(numbers.size());
            int end = text.length() - last.length();
            int at = first.length();
            if (end < at || !text.startsWith(first) || !text.endsWith(last)) {
                return Optional.empty();
            }
            List<Object> inserted = new ArrayList<>();
            for (int place = 0; place < numbers.size(); place++) {
                boolean isLast = place == numbers.size() - 1;
                String behind = literals.get(place + 1);
                int to = isLast ? end : text.indexOf(behind, at);
                if (to < at || to > end) {
                    return Optional.empty();
                }
                String piece = text.substring(at, to);
                if (numbers.get(place) && !NUMBER.matcher(piece).matches()) {
                    return Optional.empty();
                }
                inserted.add(numbers.get(place) ? (Object) Long.valueOf(piece) : piece);
                at = to + behind.length();
            }
            return Optional.of(new Found(words, List.copyOf(inserted)));
        }
    }
}

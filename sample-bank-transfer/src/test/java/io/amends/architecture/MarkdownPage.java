package io.amends.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the repository, by its links, headings and blocks of code.
 *
 * @param file below the root
 * @param text all of it
 */
record MarkdownPage(Path file, String text) {

    private static final Pattern LINK = Pattern.compile("(?<!!)\\[(?:[^\\[\\]]|\\[[^\\[\\]]*])*]\\(([^)\\s]+)\\)");
    private static final Pattern IMAGE = Pattern.compile("!\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern ANY_BLOCK = Pattern.compile(
            "^(?<indent> *)(?<fence>```+)([^`\\n]*)\\n((?s:.*?))^\\k<indent>\\k<fence> *$", Pattern.MULTILINE);
    private static final Pattern COMMENTS_AT_THE_END = Pattern.compile("(?:<!--(?:(?!-->)[^<])*-->\\s*)+$");
    private static final Pattern TEST = Pattern.compile("<!-- (\\w+Test) [a-z][^>]* -->");
    private static final Pattern INCLUDED = Pattern.compile("<!-- file: (\\S+) -->");
    private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.+)$", Pattern.MULTILINE);
    private static final Set<String> NOT_OURS = Set.of("target", "node_modules", ".git", "src");

    /**
     * A piece of code on a page.
     *
     * @param language empty if the page does not say
     * @param code without the fences
     * @param comments what stands directly above it in comments; empty for nothing
     * @param line where it begins on the page
     */
    record Block(String language, String code, String comments, int line) {

        /** Whether the page says why nothing looks at it. */
        boolean marked() {
            return comments.contains("<!-- not compiled: ");
        }

        /** The test that the page says looks at it. */
        Optional<String> test() {
            return TEST.matcher(comments).results().map(found -> found.group(1)).findFirst();
        }

        /** The file that it is, below the root. */
        Optional<String> file() {
            return INCLUDED.matcher(comments)
                    .results()
                    .map(found -> found.group(1))
                    .findFirst();
        }
    }

    /** All pages of the repository. */
    static List<MarkdownPage> all() throws IOException {
        List<MarkdownPage> pages = new ArrayList<>();
        collect(NamedTests.ROOT, pages);
        return pages;
    }

    private static void collect(Path folder, List<MarkdownPage> pages) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.sorted().toList()) {
                String name = entry.getFileName().toString();
                if (Files.isDirectory(entry)) {
                    if (!NOT_OURS.contains(name)) {
                        collect(entry, pages);
                    }
                } else if (name.endsWith(".md")) {
                    pages.add(of(entry));
                }
            }
        }
    }

    static MarkdownPage of(Path file) {
        try {
            return new MarkdownPage(file, Files.readString(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    String name() {
        return NamedTests.ROOT.relativize(file).toString();
    }

    /** Where its links and pictures lead, as they are written; without those to the web. */
    List<String> links() {
        String prose = ANY_BLOCK.matcher(text).replaceAll("");
        return Stream.of(LINK, IMAGE)
                .flatMap(pattern -> pattern.matcher(prose).results())
                .map(found -> found.group(1))
                .filter(link -> !link.startsWith("http") && !link.startsWith("mailto:"))
                .toList();
    }

    /** The links that lead nowhere. */
    List<String> deadLinks() {
        return links().stream().filter(link -> !leadsSomewhere(link)).toList();
    }

    private boolean leadsSomewhere(String link) {
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path target = path.isEmpty() ? file : file.resolveSibling(path).normalize();
        if (!Files.exists(target)) {
            return false;
        }
        return hash < 0
                || !target.toString().endsWith(".md")
                || of(target).anchors().contains(link.substring(hash + 1));
    }

    /** What a link to one of its headings ends with, as GitHub makes it. */
    Set<String> anchors() {
        Map<String, Integer> seen = new HashMap<>();
        Set<String> anchors = new HashSet<>();
        HEADING.matcher(ANY_BLOCK.matcher(text).replaceAll("")).results().forEach(heading -> {
            String slug = heading.group(1)
                    .strip()
                    .replaceAll("\\[([^\\]]*)]\\([^)]*\\)", "$1")
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                    .replace(' ', '-');
            int before = seen.merge(slug, 1, Integer::sum) - 1;
            anchors.add(before == 0 ? slug : slug + "-" + before);
        });
        return anchors;
    }

    /** Those of some languages. */
    List<Block> blocks(String... languages) {
        return blocks().stream()
                .filter(block -> Arrays.asList(languages).contains(block.language()))
                .toList();
    }

    /** All. */
    List<Block> blocks() {
        return ANY_BLOCK.matcher(text).results().map(this::block).toList();
    }

    private Block block(MatchResult found) {
        String before = text.substring(0, found.start());
        Matcher comments = COMMENTS_AT_THE_END.matcher(before);
        return new Block(
                found.group(3).strip(),
                found.group(4),
                comments.find() ? comments.group() : "",
                (int) before.lines().count() + 1);
    }
}

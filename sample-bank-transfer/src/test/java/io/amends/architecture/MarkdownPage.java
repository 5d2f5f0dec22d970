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
import java.util.Set;
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
    private static final Pattern BLOCK = Pattern.compile(
            "(<!-- not compiled: [^>]+ -->\\s*)?^```(\\w+)\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern ANY_BLOCK = Pattern.compile("^```.*?^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.+)$", Pattern.MULTILINE);
    private static final Set<String> NOT_OURS = Set.of("target", "node_modules", ".git", "src");

    /** A piece of code on a page; {@code marked} if the page says why it is compiled nowhere. */
    record Block(String language, String code, boolean marked) {}

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

    List<Block> blocks(String... languages) {
        return BLOCK.matcher(text)
                .results()
                .filter(found -> Arrays.asList(languages).contains(found.group(2)))
                .map(found -> new Block(found.group(2), found.group(3), found.group(1) != null))
                .toList();
    }
}

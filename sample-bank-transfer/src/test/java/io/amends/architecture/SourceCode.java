package io.amends.architecture;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The files of one kind in the repository, without spaces and comments at the ends of lines. */
final class SourceCode {

    private static final Set<String> NOT_OURS = Set.of("target", "node_modules", ".git");

    private final List<String> files = new ArrayList<>();

    private SourceCode() {}

    /** All that Maven compiles or uses, and that ends so. */
    static SourceCode of(String... endings) throws IOException {
        return of(NamedTests.ROOT, endings);
    }

    /** Of that what is in a folder. */
    static SourceCode of(Path below, String... endings) throws IOException {
        SourceCode code = new SourceCode();
        Files.walkFileTree(below, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return NOT_OURS.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                for (String ending : endings) {
                    if (file.toString().endsWith(ending)) {
                        code.files.add(bare(Files.readString(file)));
                    }
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return code;
    }

    /** Whether one file has all of that piece, in that order; three dots stand for what was left out. */
    boolean has(String piece) {
        String[] parts = bare(piece).split("\\.\\.\\.");
        return files.stream().anyMatch(file -> hasInOrder(file, parts));
    }

    private static boolean hasInOrder(String file, String[] parts) {
        int from = 0;
        for (String part : parts) {
            int found = file.indexOf(part, from);
            if (found < 0) {
                return false;
            }
            from = found + part.length();
        }
        return true;
    }

    private static String bare(String code) {
        // In front of a comment stands a space, in front of the two slashes of an address none.
        return code.replaceAll("(?m)(^|\\s)//(?! \\.\\.\\.).*$", "")
                .replace("// ...", "...")
                .replaceAll("\\s+", "");
    }
}

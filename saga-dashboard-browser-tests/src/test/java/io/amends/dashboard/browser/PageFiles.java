package io.amends.dashboard.browser;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The files that pages are made of, as they are shipped. */
final class PageFiles {

    private static final String FOLDER = "/io/amends/dashboard/pages";

    private PageFiles() {}

    /** Their names, below the folder. */
    static List<String> all() throws Exception {
        URI folder = Objects.requireNonNull(PageFiles.class.getResource(FOLDER + "/index.html"))
                .toURI();
        if (folder.getScheme().equals("jar")) {
            try (FileSystem jar = FileSystems.newFileSystem(folder, Map.of())) {
                return names(jar.getPath(FOLDER));
            }
        }
        return names(Objects.requireNonNull(Path.of(folder).getParent()));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .filter(name -> name.matches(".*\\.(js|css|html)"))
                    .sorted()
                    .toList();
        }
    }

    static String text(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(PageFiles.class.getResourceAsStream(FOLDER + "/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

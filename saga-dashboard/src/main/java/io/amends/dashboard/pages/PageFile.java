package io.amends.dashboard.pages;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A file of the pages, from the jar.
 *
 * @param bytes what is in it
 * @param mediaType what it is
 * @param tag changes with what is in it
 */
record PageFile(byte[] bytes, String mediaType, String tag) {

    private static final String FOLDER = "/io/amends/dashboard/pages/";
    /** Possessive, so that no stack is needed for each part of a long name. */
    private static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*+(?:/[A-Za-z0-9][A-Za-z0-9_-]*+)*+(?:\\.[A-Za-z0-9_-]++)++");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=UTF-8",
            "js", "text/javascript;charset=UTF-8",
            "css", "text/css;charset=UTF-8",
            "json", "application/json",
            "md", "text/plain;charset=UTF-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon");

    /** The file of that name; empty if there is none, or if it is of a kind that pages do not need. */
    static Optional<PageFile> find(String name) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null || !NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        try (InputStream file = PageFile.class.getResourceAsStream(FOLDER + name)) {
            if (file == null) {
                return Optional.empty();
            }
            byte[] bytes = file.readAllBytes();
            return Optional.of(new PageFile(bytes, type, tag(bytes)));
        } catch (IOException broken) {
            throw new UncheckedIOException("File %s of the console can't be read from the jar".formatted(name), broken);
        }
    }

    private static String tag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return "\"%s\"".formatted(HexFormat.of().formatHex(digest, 0, 16));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JDK has SHA-256", impossible);
        }
    }
}

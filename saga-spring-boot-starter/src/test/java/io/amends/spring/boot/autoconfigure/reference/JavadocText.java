package io.amends.spring.boot.autoconfigure.reference;

/** Javadoc as a line of Markdown. */
final class JavadocText {

    private JavadocText() {}

    /** The first paragraph of a comment, without what begins its lines. */
    static String summary(String comment) {
        String text = comment.replaceAll("(?m)^\\s*\\* ?", " ")
                .replaceAll("\\s+", " ")
                .strip();
        int end = text.indexOf("<p>");
        return markdown(end < 0 ? text : text.substring(0, end).strip());
    }

    /** All of a comment in one line. */
    static String whole(String comment) {
        return markdown(comment.replaceAll("(?m)^\\s*\\* ?", " ")
                .replaceAll("\\s+", " ")
                .replace("<p>", "")
                .strip());
    }

    private static String markdown(String text) {
        return text.replaceAll("\\{@link #(\\w+)(\\([^)]*\\))?}", "`$1`")
                .replaceAll("\\{@link (?:[\\w.]+\\.)?(\\w+)}", "`$1`")
                .replaceAll("\\{@link (?:[\\w.]*\\.)?(\\w+)#(\\w+)(\\([^)]*\\))?}", "`$1.$2`")
                .replaceAll("\\{@link [\\w.#]+(?:\\([^)]*\\))? ([^}]+)}", "$1")
                .replaceAll("\\{@code ([^}]*)}", "`$1`")
                .replace("<ul>", "")
                .replace("</ul>", "")
                .replaceAll(" ?<li>", "<br>- ")
                .replace("</li>", "")
                .replace("|", "\\|")
                .replaceAll(" +", " ")
                .strip();
    }
}

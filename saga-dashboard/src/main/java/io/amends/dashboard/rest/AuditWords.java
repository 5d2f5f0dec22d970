package io.amends.dashboard.rest;

import io.amends.dashboard.audit.AuditLine;
import io.amends.dashboard.language.Language;
import io.amends.dashboard.language.Sentence;
import java.util.List;

/** Lines of the audit for people: it is written in English, and they read what the console said in theirs. */
final class AuditWords {

    private AuditWords() {}

    /** The same lines. */
    static List<AuditLine> in(Language language, List<AuditLine> lines) {
        return lines.stream().map(line -> in(language, line)).toList();
    }

    /** The same line. */
    static AuditLine in(Language language, AuditLine line) {
        String said = line.entry().explanation();
        return said == null || language == Language.ENGLISH
                ? line
                : new AuditLine(
                        line.id(),
                        line.at(),
                        line.entry().saying(Sentence.recalled(said).in(language)),
                        line.state(),
                        line.settledAt());
    }
}

package io.amends.dashboard.language;

/** An exception whose text is for people: it is told in their language. */
public interface Told {

    /** What it tells; its message is the English of it. */
    Sentence told();
}

package io.amends.sample.bank;

/** Nothing is booked until somebody opens the bank's books again. */
final class BooksClosedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BooksClosedException() {
        super("The bank's books are closed. Open them (POST /books with {\"open\": \"true\"}), then retry.");
    }
}

package io.amends.spring.boot.test.shop;

/** How many pieces of each item there are. */
interface Stock {

    int pieces(String item);

    void set(String item, int pieces);

    /** Returns how many there are then. */
    int add(String item, int pieces);
}

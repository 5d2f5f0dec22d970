package io.amends.spring.boot.test.shop;

record Order(String id, String item, int pieces, String customer) {}

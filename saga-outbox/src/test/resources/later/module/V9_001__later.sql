create table later_module (id int);

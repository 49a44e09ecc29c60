# Writes the tables of this directory that come from Debian's R packages and from Debian's weka (its file names are arguments):
#
#   apt-get install r-cran-aer r-cran-cardata r-cran-dslabs r-cran-ggplot2 r-cran-kernlab r-cran-mass r-cran-modeldata r-cran-th.data weka
#   Rscript tables.R /usr/share/doc/weka/examples/segment-challenge.arff /usr/share/doc/weka/examples/segment-test.arff
#
# README.md says where they come from.

from <- function(package, name) {
  data <- new.env()
  data(list = name, package = package, envir = data)
  as.data.frame(get(name, data))
}

# Rows that are evenly spaced in the original order.
thinned <- function(table, rows) table[round(seq(1, nrow(table), length.out = rows)), ]

without <- function(table, ...) table[setdiff(names(table), c(...))]

cell <- function(column) {
  if (is.ordered(column)) return(as.integer(column))
  if (is.numeric(column)) return(ifelse(is.na(column), NA, format(signif(column, 7), digits = 7, trim = TRUE, drop0trailing = TRUE)))
  gsub(" ", "-", gsub(",", "", as.character(column)))
}

# The label becomes the last column; rows without a label are left out.
write_table <- function(file, table, label) {
  names(table) <- tolower(gsub("[.]", "_", names(table)))
  label <- tolower(label)
  table <- table[!is.na(table[[label]]), c(setdiff(names(table), label), label)]
  table[] <- lapply(table, cell)
  write.table(table, paste0(file, ".csv"), sep = ",", na = "", quote = FALSE, row.names = FALSE)
}

# Regression.
write_table("sacramento", from("modeldata", "Sacramento"), "price")
write_table("car-prices", from("modeldata", "car_prices"), "Price")
write_table("diamonds", thinned(from("ggplot2", "diamonds"), 3000), "price")
write_table("biomass", without(from("modeldata", "biomass"), "sample", "dataset"), "HHV")
write_table("windsor-houses", from("AER", "HousePrices"), "price")
write_table("texas-housing", thinned(subset(without(from("ggplot2", "txhousing"), "volume", "date"), !is.na(median)), 3000), "median")
write_table("canada-wages", from("carData", "SLID"), "wages")
write_table("computers", without(from("MASS", "cpus"), "name", "estperf"), "perf")

# Two classes.
write_table("phone-churn", thinned(from("modeldata", "mlc_churn"), 3000), "churn")
write_table("credit", from("modeldata", "credit_data"), "Status")
write_table("attrition", from("modeldata", "attrition"), "Attrition")
write_table("telco-churn", thinned(from("modeldata", "wa_churn"), 3000), "churn")
mortgages <- from("AER", "HMDA")
mortgages[c("chist", "mhist")] <- lapply(mortgages[c("chist", "mhist")], as.ordered)
write_table("mortgages", mortgages, "deny")
write_table("arrests", from("carData", "Arrests"), "released")
write_table("loans", thinned(from("modeldata", "lending_club"), 3000), "Class")
write_table("glaucoma", from("TH.data", "GlaucomaM"), "Class")

# More classes.
write_table("penguins", from("modeldata", "penguins"), "species")
write_table("computing-jobs", from("modeldata", "hpc_data"), "class")
write_table("olive-oils", without(from("dslabs", "olive"), "region"), "area")
segments <- do.call(rbind, lapply(commandArgs(trailingOnly = TRUE), function(file) {
  lines <- readLines(file)
  begin <- grep("^@data", lines, ignore.case = TRUE)
  names <- sub("^@attribute +([^ ]+) .*", "\\1", grep("^@attribute", lines, ignore.case = TRUE, value = TRUE))
  read.csv(text = grep("^[^%]", lines[-(1:begin)], value = TRUE), header = FALSE, col.names = gsub("-", "_", names))
}))
write_table("image-segments", segments, "class")
write_table("german-schools", from("AER", "GSOEP9402"), "school")
write_table("chile-votes", from("carData", "Chile"), "vote")
write_table("incomes", thinned(from("kernlab", "income"), 3000), "INCOME")

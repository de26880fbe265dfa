#pragma once

#include <memory>

#include <curl/curl.h>

#include "base/assert.hpp"
#include "quantconf/error.hpp"

namespace quantconf::net {

struct EasyDeleter {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
struct MultiDeleter {
    void operator()(CURLM* handle) const noexcept { curl_multi_cleanup(handle); }
};
struct ListDeleter {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;
using Multi = std::unique_ptr<CURLM, MultiDeleter>;
using List = std::unique_ptr<curl_slist, ListDeleter>;

/// Prepares libcurl for this process, once; or says what is missing. Any thread. Whatever libcurl frees from
/// then on is overwritten first, if nobody in this process has prepared it before us: it keeps copies of URLs
/// and requests, and thus of keys, where we cannot reach them.
[[nodiscard]] Outcome<void> set_up_curl();

/// For options that this libcurl is known to have and values that are sound: all of ours.
template <typename T>
void set_option(const Easy& handle, CURLoption option, T value) {
    QC_ASSERT(curl_easy_setopt(handle.get(), option, value) == CURLE_OK);
}

}  // namespace quantconf::net
